"""The list of proposals: searched, ordered, some at a time, archived and brought back."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import combination_words, confidence_word, percent, start
from advisor.store import ListedProposal, Sort
from advisor.ui.screens import go_to
from advisor.ui.session import author, local_time, store
from advisor.ui.widgets import attempt, press, total_and_pager

ROWS = 20
ORDERS: dict[Sort, str] = {
    "updated": "Changed last",
    "created": "Started last",
    "title": "Title, A to Z",
}


def proposals() -> None:
    """Draw the list: search, order, one page at a time."""
    st.header("Proposals")
    if "archived" in st.session_state:
        id, title = st.session_state["archived"]
        st.info(f"“{plain(title)}” is archived.")
        press("Undo", bring_back, id, key="undo-archive")
    search, order, which = st.columns([3, 2, 2], vertical_alignment="bottom")
    wanted = search.text_input("Search titles", key="q", bind="query-params")
    sort = order.selectbox("Order", list(ORDERS), format_func=ORDERS.__getitem__, key="order")
    hidden = which.toggle("Show archived ones", key="hidden")
    number = f"page/{wanted}/{sort}/{hidden}"
    listed = store().list_proposals(
        search=wanted,
        sort=sort,
        archived=hidden,
        offset=(st.session_state.get(number, 1) - 1) * ROWS,
        limit=ROWS,
    )
    if not listed.total:
        st.info(
            "No title holds these words."
            if wanted
            else ("Nothing is archived." if hidden else "Nothing here yet. Start above.")
        )
    for row in listed.rows:
        show_row(row, hidden)
    total_and_pager(listed.total, ROWS, number)


def outcome(row: ListedProposal) -> str:
    """Say what was recommended, how surely, and whether it changed since."""
    if not row.recommendation or row.confidence is None:
        return "No recommendation yet"
    firm = confidence_word(row.confidence, bool(row.abstained))
    words = f"**{start(combination_words(row.recommendation))}**"
    words += f"  \n{start(firm)}: ahead in {percent(row.confidence)} of trials"
    return words + (", before later changes" if row.assessed_version != row.version else "")


def archive(row: ListedProposal) -> None:
    """Take a proposal off the list and remember it for taking back."""
    attempt(store().archive, row.id, author())
    if not st.session_state.get("problems"):
        st.session_state["archived"] = (row.id, row.title or "Untitled")


def bring_back(id: str) -> None:
    """Put a proposal back on the list."""
    attempt(store().unarchive, id, author())
    st.session_state.pop("archived", None)


def show_row(row: ListedProposal, hidden: bool) -> None:
    """Draw one proposal of the list."""
    with st.container(border=True):
        left, middle, right = st.columns([5, 4, 2], vertical_alignment="center")
        with left:
            title = plain(row.title or "Untitled")
            go_to("problem", f"**{title}**", p=row.id)
            st.markdown(f"Changed {local_time(row.updated_at)}")
        middle.markdown(outcome(row))
        with right:
            if hidden:
                press("Bring back", bring_back, row.id, key=f"back-{row.id}")
            else:
                press("Archive", archive, row, key=f"archive-{row.id}")
