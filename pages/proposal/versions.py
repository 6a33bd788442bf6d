"""Every saved change, what differs between two, and going back."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.differences import around, told
from advisor.presentation.wording import counted
from advisor.store import VersionInfo
from advisor.ui.navigation import steps
from advisor.ui.session import author, current, local_time, store
from advisor.ui.widgets import attempt, press

ROWS = 15
SHOWN = 50

stored = current()
steps(stored, "versions")
versions = store().versions(stored.id)
numbers = [item.version for item in versions]


def go_back(version: int) -> None:
    """Write an old version as the newest."""
    saved = attempt(store().restore, stored.id, version, author(), secrets.token_hex(8))
    if saved and saved.version != stored.version:
        st.session_state["went_back"] = (stored.id, version, stored.version)


def undo(version: int) -> None:
    """Go back to where one was before going back."""
    attempt(store().restore, stored.id, version, author(), secrets.token_hex(8))
    st.session_state.pop("went_back", None)


def words(item: VersionInfo) -> str:
    """Name a version for a choice."""
    return f"{item.version}: {item.summary[:60]}"


def show_versions() -> None:
    """Draw the table of versions, newest first, some at a time."""
    first = (st.session_state.get("versions_page", 1) - 1) * ROWS
    st.table([
        {
            "Version": str(item.version),
            "Saved": local_time(item.at),
            "What changed": plain(item.summary),
        }
        for item in versions[first : first + ROWS]
    ])
    if len(versions) > ROWS:
        st.pagination(-(-len(versions) // ROWS), key="versions_page")


def show_differences(old: int, new: int) -> None:
    """Draw what differs between two versions, field by field."""
    from advisor.rules import load  # heavy: rule_engine

    changes = told(store().compare(stored.id, old, new), load())
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


if st.session_state.get("went_back", ("",))[0] == stored.id:
    _, back, before = st.session_state["went_back"]
    st.success(f"You are back at version {back}. It is saved as the newest one.")
    press("Undo", undo, before, key="undo-back")
show_versions()
if len(numbers) < 2:
    st.info("There is one version so far. Every change you make adds one.")
else:
    st.header("Compare two versions")
    named = {item.version: words(item) for item in versions}
    left, right = st.columns(2)
    old = left.selectbox("From version", numbers[1:], format_func=named.__getitem__, key="from")
    new = right.selectbox("To version", numbers, format_func=named.__getitem__, key="to")
    show_differences(old, new)
    press(f"Go back to version {old}", go_back, old, key=f"back-{old}")
    st.markdown("Going back deletes nothing: it saves that version again as the newest one.")
