"""The way through a proposal, and links to its other screens."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.store import Stored
from advisor.ui.screens import go_to
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt, show_problems

STEPS = (
    ("problem", "1 Problem"),
    ("failures", "2 Failures"),
    ("questions", "3 Questions"),
    ("recommendation", "4 Recommendation"),
    ("versions", "Versions"),
)


def steps(stored: Stored, here: str) -> None:
    """Draw the way through a proposal as links, the present step marked."""
    st.title(plain(stored.draft.title or "Untitled"))
    if stored.archived:
        st.warning("This proposal is archived. It is not in the list until you bring it back.")
        st.button("Bring it back", on_click=attempt, args=(store().unarchive, stored.id, author()))
    with st.container(horizontal=True, key="steps"):
        for name, label in STEPS:
            shown = f"**{label}**" if name == here else label
            go_to(name, shown, p=stored.id)
    st.markdown(f"Every change is saved. This is version {stored.version}.")
    show_problems()


def link(stored: Stored, name: str, label: str, icon: str) -> None:
    """Link to another screen of a proposal."""
    go_to(name, label, icon, p=stored.id)
