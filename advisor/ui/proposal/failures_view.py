"""The failures behind a recommendation, by group: what each is, how sure, and why."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents.record import excerpt
from advisor.domain.assessment import Assessment, FailureReading
from advisor.presentation.chart_data import group_words
from advisor.presentation.wording import MODES, REMEDIES, STAGES, counted, percent
from advisor.proposal import Failure
from advisor.store import Stored
from advisor.triage.explain import STAGE_STEP
from advisor.ui.navigation import link
from advisor.ui.proposal import pictures
from advisor.ui.widgets import bullets

LISTED = 10
"""Failures shown of each group; the rest stands on the page of failures."""
EXCERPT = 300


def failures(stored: Stored, result: Assessment) -> None:
    """Show the failures by group."""
    if not result.failures:
        st.info("No failures yet. Five to twenty real ones make the answer much surer.")
        link(stored, "failures", "Add failures", ":material/bug_report:")
        return
    _retrieval(result)
    pictures.draw("failures", result)
    texts = {failure.id: failure for failure in stored.draft.failures}
    readings = {reading.id: reading for reading in result.failures}
    for group in result.groups:
        title = f"{group.name}: {group_words(group, result)}"
        with st.expander(plain(f"{title}; best met by {REMEDIES[group.remedy]}")):
            typical = sorted(group.ids, key=lambda name: name != group.example)[:LISTED]
            for name in typical:
                _failure(texts[name], readings[name])
            if len(group.ids) > LISTED:
                st.markdown(f"And {counted(len(group.ids) - LISTED, 'failure')} more.")
    link(stored, "groups", "See which failures fail alike, on a map", ":material/workspaces:")
    link(stored, "failures", "See and correct every failure", ":material/bug_report:")


def _retrieval(result: Assessment) -> None:
    """Say where retrieval that exists already breaks, and what to do about it."""
    if result.retrieval:
        st.subheader("Where your retrieval breaks")
        bullets(
            f"In {counted(count, 'failure')} {STAGES[stage]}. {STAGE_STEP[stage]}"
            for stage, count in result.retrieval.items()
        )


def _failure(failure: Failure, reading: FailureReading) -> None:
    sure = f"{percent(reading.probabilities[reading.mode])} sure"
    if reading.corrected:
        sure = "you said so"
    elif reading.abstained:
        sure = f":material/help: **unsure**, {sure}"
    texts = (
        ("Asked", failure.input),
        ("Got", failure.output),
        ("Wanted", failure.expected),
        ("Comment", failure.note),
    )
    lines = [f"**{plain(reading.id)}**: {MODES[reading.mode]}, {sure}. {plain(reading.why)}"]
    lines += [f"{name}: {plain(excerpt(text, EXCERPT))}" for name, text in texts if text]
    st.markdown("  \n".join(lines))
