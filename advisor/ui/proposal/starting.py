"""The ways to begin a proposal: in one's own words, from an example, from a document."""

from __future__ import annotations

import secrets
import time
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.settings import UPLOAD_LIMIT_MB
from advisor.errors import InputError
from advisor.importing import DOCUMENT_ENDINGS, read_document, read_pasted_document
from advisor.intake.drafts import KINDS, Beginning, draft_of
from advisor.presentation.wording import combination_words, start
from advisor.proposal import Draft
from advisor.samples import samples
from advisor.ui.screens import page
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt, show_errors
from advisor.vocabulary import COMBINATIONS, combination_name

NOTHING_STARTED = ("", 0.0, "", "")
DOUBLE_CLICK_SECONDS = 2
AGAIN_SECONDS = 10  # the same start again within them is a double click
REQUESTED = "What was asked for? (may stay empty)"
NAMES = [combination_name(chosen) for chosen in COMBINATIONS]


def own_words() -> None:
    """Start from what a person writes here."""
    clear_what_was_started()
    with st.form("own", border=False, enter_to_submit=False):
        beginning = own_fields()
        if st.form_submit_button("Start", type="primary"):
            st.session_state["start_problems"] = beginning.problems
            if beginning.problems:
                st.rerun()
            create(beginning.draft())


def own_fields() -> Beginning:
    """Draw the fields of the form, each with what is wrong in it, and return what they hold."""
    wrong = st.session_state.get("start_problems", {})

    def draw(widget: Any, label: str, name: str, **looks: Any) -> str:
        text: str = widget(label, key=f"own_{name}", persist_state="session", **looks)
        if name in wrong:
            st.error(wrong[name])
        return text

    return Beginning(
        draw(st.text_input, "What is it about? One line", "title"),
        draw(
            st.text_area, "What should the model do?", "does", height=90,
            placeholder="Answer questions about returns, delivery and vouchers.",
        ),
        draw(
            st.text_input, "For whom? (may stay empty)", "whom",
            placeholder="Customers of our web shop",
        ),
        draw(
            st.text_area, "What goes wrong today?", "wrong", height=90,
            placeholder="It quotes return rules that changed last month, or makes them up.",
        ),
        st.selectbox(
            REQUESTED, NAMES, index=None, placeholder="Nothing yet",
            format_func=lambda name: start(combination_words(name)),
            key="own_requested", persist_state="session",
        ),
    )  # fmt: skip


def clear_what_was_started() -> None:
    """Empty the form once a proposal was made of it."""
    if st.session_state.pop("own_done", False):
        for name in ("own_title", "own_does", "own_whom", "own_wrong"):
            st.session_state[name] = ""
        st.session_state["own_requested"] = None


def examples() -> None:
    """Offer the example problems, each with the kind of case it is."""
    st.markdown("Ten made-up problems, each with answers and failures. Open one to look around.")
    names = list(KINDS)
    for place in range(0, len(names), 2):
        for cell, name in zip(st.columns(2), names[place : place + 2], strict=False):
            with cell.container(border=True, height="stretch"):
                st.markdown(f"**{plain(KINDS[name].kind)}**  \n{plain(KINDS[name].short)}")
                if st.button(f"Open: {plain(samples()[name].title)}", key=f"sample-{name}"):
                    create(samples()[name])


def document() -> None:
    """Fill the form from a project document."""
    st.markdown("The advisor reads it and fills the form. You check every answer it finds.")
    upload = st.file_uploader(
        f"A project document: Markdown, text, Word or PDF, at most {UPLOAD_LIMIT_MB} MB",
        type=list(DOCUMENT_ENDINGS),
    )
    pasted = st.text_area("Or paste its text", height=140, key="own_document")
    if not st.button("Read it", type="primary"):
        return
    if not upload and not pasted.strip():
        st.error("Choose a file or paste some text first.")
        return
    try:
        with st.spinner("Reading the document …", show_time=True):
            from advisor.intake.suggestions.project_document import (
                read_document as read_words,  # heavy: numpy
            )

            text = (
                read_document(upload.name, upload.getvalue())
                if upload
                else read_pasted_document(pasted)
            ).text
            draft = draft_of(read_words(text))
    except InputError as error:
        show_errors(error)
    else:
        create(draft)


def create(draft: Draft) -> None:
    """Create a proposal once, however often the button is pressed, and open it."""
    content, at, key, _ = st.session_state.get("started", NOTHING_STARTED)
    if content != draft.fingerprint or time.monotonic() - at > AGAIN_SECONDS:
        key = secrets.token_hex(8)
    # A second click can end this run wherever the session is touched: the key must be kept first.
    st.session_state["started"] = (draft.fingerprint, time.monotonic(), key, "")
    saved = attempt(store().create, draft, author(), key)
    if saved is None:
        return
    st.session_state["started"] = (draft.fingerprint, time.monotonic(), key, saved.id)
    st.session_state["own_done"] = True
    open_problem(saved.id)


def open_problem(id: str) -> None:
    """Go to the form of a proposal."""
    st.switch_page(page("problem"), query_params={"p": id})


def follow_double_click() -> None:
    """Open what the first of two clicks created; the second one came back to this page."""
    _, at, _, id = st.session_state.get("started", NOTHING_STARTED)
    if id and time.monotonic() - at < DOUBLE_CLICK_SECONDS:
        open_problem(id)
