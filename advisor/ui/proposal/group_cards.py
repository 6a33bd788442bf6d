"""Each group as a card: what it is, an example, its remedy, and a person's word on all of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents.record import excerpt
from advisor.domain.assessment import FailureReading
from advisor.intake.failure_edits import GroupEdits, GroupWord
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import MODES, REMEDIES, counted, listing, percent, start
from advisor.proposal import Failure
from advisor.store import Stored
from advisor.triage.grouping.group_charts import mix_bar
from advisor.triage.grouping.groups import AlikeGroup, Grouping
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt, press
from advisor.vocabulary import Mode

EXCERPT = 300
Readings = Mapping[str, tuple[Failure, FailureReading]]
"""Failures with how they read, by id."""


def show_failure(failure: Failure, reading: FailureReading) -> None:
    """Show one failure with its reading."""
    doubt = ", unsure" if reading.abstained else ""
    said = ", because you said so" if reading.corrected else doubt
    lines = [f"**{plain(reading.id)[:200]}**: {MODES[reading.mode]}{said}"]
    lines += [
        f"{label}: {plain(excerpt(text, EXCERPT))}"
        for name, label in TEXTS.items()
        if (text := getattr(failure, name))
    ]
    with st.container(border=True):
        st.markdown("  \n".join(lines))


def cards(stored: Stored, grouping: Grouping, readings: Readings) -> None:
    """Draw every group, two beside each other."""
    for first in range(0, len(grouping.groups), 2):
        columns = st.columns(2, gap="medium")
        pair = grouping.groups[first : first + 2]
        for offset, (column, group) in enumerate(zip(columns, pair, strict=False)):
            with column, st.container(border=True):
                st.subheader(f"{first + offset + 1}\\. {plain(group.name)}")
                _card(stored, group, readings)


def _card(stored: Stored, group: AlikeGroup, readings: Readings) -> None:
    st.markdown(
        f"**{counted(len(group.ids), 'failure')}, {percent(group.share)}.** {plain(group.common)}"
    )
    st.html(mix_bar(group))
    mix = listing(f"{count:,} {MODES[mode]}" for mode, count in group.modes.items())
    st.markdown(f"Read as: {mix}.")
    st.markdown(f"**Best met by {REMEDIES[group.remedy]}.** {plain(group.why)}")
    with st.expander("The example nearest the middle"):
        show_failure(*readings[group.example])
    _correction(stored, group)


def _correction(stored: Stored, group: AlikeGroup) -> None:
    """Let a person say what all failures of a group are."""
    chosen = st.selectbox(
        f"All {len(group.ids):,} of these are" if len(group.ids) > 1 else "This one is",
        list(Mode),
        index=None,
        format_func=lambda mode: start(MODES[mode]),
        placeholder="As the advisor reads them",
        key=f"said-{group.id}",
    )
    press(
        "Say so",
        _say,
        stored,
        group,
        key=f"say-{group.id}",
        disabled=chosen is None,
        help="Your word wins over the reading of each of them. You can undo it.",
    )


def _edits(stored: Stored) -> GroupEdits:
    return GroupEdits(store(), stored.id, author())


def _say(stored: Stored, group: AlikeGroup) -> None:
    """Save what all failures of a group are, once, and remember how to take it back."""
    mode = st.session_state.get(f"said-{group.id}")
    key = f"say-{stored.version}-{group.id}-{mode}"
    if mode and (done := attempt(_edits(stored).say, group.ids, mode, key)):
        st.session_state["group_said"] = (stored.id, done)
        st.session_state.pop(f"said-{group.id}", None)


def show_said(stored: Stored) -> None:
    """Say what the last correction did, and offer to undo it."""
    id, said = st.session_state.get("group_said", ("", None))
    if id == stored.id and said:
        count = len(said.before)
        are = "is" if count == 1 else "are"
        st.success(f"{counted(count, 'failure')} {are} now {MODES[said.mode]}, as you said.")
        press("Undo", _undo, stored, said, key="undo-say")


def _undo(stored: Stored, said: GroupWord) -> None:
    attempt(_edits(stored).take_back, said, secrets.token_hex(8))
    st.session_state.pop("group_said", None)
