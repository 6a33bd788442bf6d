"""The problem in one's own words; every change is saved."""

from typing import Any

import streamlit as st

from advisor.presentation.wording import combination_words, start
from advisor.triage.assessing.warmup import warm_up
from advisor.ui.navigation import link, steps
from advisor.ui.proposal.starting import NAMES, REQUESTED
from advisor.ui.saved_field import live
from advisor.ui.session import current

FIELDS = (
    ("title", "What is it about? One line", 0, ""),
    ("description", "What should the model do, for whom, and what goes wrong?", 240, ""),
    ("current.model", "Which model runs today?", 0, "A hosted chat model"),
    ("current.prompt", "What does the prompt say today? The whole text helps most", 140, ""),
    (
        "current.retrieval",
        "Is the model shown documents today? How are they found?",
        80,
        "No; or: search over our manuals, three passages",
    ),
)

stored = current()
steps(stored, "problem")


def field(label: str, height: int, hint: str) -> Any:
    """Return what draws one field of text."""

    def draw(value: str | None, **wiring: Any) -> Any:
        if not height:
            return st.text_input(label, value or "", placeholder=hint, **wiring)
        return st.text_area(label, value or "", height=height, placeholder=hint, **wiring)

    return draw


def asked_for(value: str | None, **wiring: Any) -> str | None:
    """Draw the choice of what was asked for."""
    chosen: str | None = st.selectbox(
        REQUESTED,
        ["", *NAMES],
        index=NAMES.index(value) + 1 if value in NAMES else 0,
        format_func=lambda name: start(combination_words(name)) if name else "Nothing yet",
        **wiring,
    )
    return chosen


for path, label, height, hint in FIELDS:
    live(stored, path, field(label, height, hint))
live(stored, "requested", asked_for, given=lambda name: name or None)
link(stored, "failures", "**Next: show what goes wrong**", ":material/arrow_forward:")
warm_up()
