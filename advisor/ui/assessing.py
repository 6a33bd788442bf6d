"""What triage says of a version, for screens: with progress while many failures are read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from advisor.failures.failure_reader import RememberingReader
from advisor.intake.failure_lists import reading_words
from advisor.store import Store, Stored
from advisor.triage.assessing.assessor import Assessor
from advisor.ui.session import store

if TYPE_CHECKING:
    from advisor.domain.assessment import Assessment
    from advisor.proposal import Draft
    from advisor.triage.recommend import Tools


SLOW = 500
"""Failures that take more than a moment to read; more of them show progress."""


@st.cache_resource
def _assessor() -> Assessor:
    """Return the one that all sessions share."""
    return Assessor()


@st.cache_resource(show_spinner="Loading the reader. A few seconds, once …", max_entries=4)
def _tools_of(rules: str, learned: str, _store: Store) -> Tools:
    return _assessor().tools(_store)


def tools() -> Tools:
    """Return rules, classifier and reader, shared by all sessions."""
    from advisor.rules import load  # heavy: rule_engine

    version = store().learned.active()
    name = f"{version.name} {version.fingerprint}" if version else ""
    return _tools_of(load().fingerprint, name, store())


def assess(stored: Stored, handed_in: bool = False) -> Assessment:
    """Return what triage says about a version, noted for the list and for reviewers."""
    tools()  # says that it loads
    return _assessor().assess(store(), stored, handed_in, read_with_progress)


def assessment_of(stored: Stored, handed_in: bool = False) -> Assessment:
    """Return what triage says about a version, and note nothing."""
    tools()
    return _assessor().assessment_of(store(), stored, handed_in, read_with_progress)


def read_with_progress(kit: Tools, draft: Draft) -> None:
    """Read the failures; when that takes more than a moment, show how far it is."""
    if not isinstance(kit.classifier, RememberingReader):
        return
    begun, total, bar = time.monotonic(), 0, None
    for left in kit.classifier.progress(draft.failures, draft.corrections):
        total = total or left
        if left and total > SLOW:
            bar = bar or st.empty()
            spent = time.monotonic() - begun
            bar.progress(1 - left / total, reading_words(total, left, spent))
    if bar:
        bar.empty()
