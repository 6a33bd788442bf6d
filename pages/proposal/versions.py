"""Every saved change, what differs between two, and going back."""

import secrets
from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.differences import around, told
from advisor.presentation.wording import counted
from advisor.store import Stored, VersionInfo
from advisor.ui.navigation import steps
from advisor.ui.session import author, current, local_time, store
from advisor.ui.widgets import attempt, page_of, pager, press

ROWS = 15
SHOWN = 50


def go_back(stored: Stored, version: int) -> None:
    """Write an old version as the newest."""
    saved = attempt(store().restore, stored.id, version, author(), secrets.token_hex(8))
    if saved and saved.version != stored.version:
        st.session_state["went_back"] = (stored.id, version, stored.version)


def undo(id: str, version: int) -> None:
    """Go back to where one was before going back."""
    attempt(store().restore, id, version, author(), secrets.token_hex(8))
    st.session_state.pop("went_back", None)


def words(item: VersionInfo) -> str:
    """Name a version for a choice."""
    return f"{item.version}: {item.summary[:60]}"


def show_versions(versions: Sequence[VersionInfo]) -> None:
    """Draw the table of versions, newest first, some at a time."""
    st.table([
        {
            "Version": str(item.version),
            "Saved": local_time(item.at),
            "What changed": plain(item.summary),
        }
        for item in page_of(versions, ROWS, "versions_page")
    ])
    pager(len(versions), ROWS, "versions_page")


def show_differences(id: str, old: int, new: int) -> None:
    """Draw what differs between two versions, field by field."""
    from advisor.rules import load  # heavy: rule_engine

    changes = told(store().compare(id, old, new), load())
    if not changes:
        st.info("These two are the same.")
    elif len(changes) > SHOWN:
        st.markdown(f"{counted(len(changes), 'change')}; the first {SHOWN} are shown.")
    for change in map(around, changes[:SHOWN]):
        with st.container(border=True):
            st.markdown(f"**{plain(change.what)}**")
            before, after = st.columns(2)
            with before:
                st.markdown(f"In version {old}:")
                st.text(change.before)
            with after:
                st.markdown(f"In version {new}:")
                st.text(change.after)


stored = current()
steps(stored, "versions")
versions = store().versions(stored.id)
if st.session_state.get("went_back", ("",))[0] == stored.id:
    _, back, before = st.session_state["went_back"]
    st.success(f"You are back at version {back}. It is saved as the newest one.")
    press("Undo", undo, stored.id, before, key="undo-back")
show_versions(versions)
if len(versions) < 2:
    st.info("There is one version so far. Every change you make adds one.")
else:
    st.header("Compare two versions")
    named = {item.version: words(item) for item in versions}
    numbers = list(named)
    left, right = st.columns(2)
    old = left.selectbox("From version", numbers[1:], format_func=named.__getitem__, key="from")
    new = right.selectbox("To version", numbers, format_func=named.__getitem__, key="to")
    show_differences(stored.id, old, new)
    press(f"Go back to version {old}", go_back, stored, old, key=f"back-{old}")
    st.markdown("Going back deletes nothing: it saves that version again as the newest one.")
