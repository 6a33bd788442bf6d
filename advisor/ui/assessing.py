"""What triage says of a version, judged once for all windows, with progress while it reads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from advisor.intake.drafts import reading_words
from advisor.store import Store, Stored
from advisor.triage.assessing.assessment_cache import judged_by, keep, kept
from advisor.ui.session import store

if TYPE_CHECKING:
    from advisor.domain.assessment import Assessment
    from advisor.proposal import Draft
    from advisor.store import LearnedVersion
    from advisor.triage.recommend import Tools


SLOW = 500
"""Failures that take more than a moment to read; more of them show progress."""


@st.cache_resource(show_spinner="Loading the reader. A few seconds, once …", max_entries=4)
def _tools_of(rules: str, learned: str, _version: LearnedVersion | None, _store: Store) -> Tools:
    from advisor.failures.learning.learned_classifier import classifier_of  # heavy: scipy
    from advisor.failures.remembered import Remembered  # heavy: numpy
    from advisor.triage.recommend import load_tools  # heavy: rule_engine

    return load_tools(classifier=Remembered(classifier_of(_store, _version)))


def tools() -> Tools:
    """Return rules, classifier and reader, shared by all sessions.

    Edited rules are read again, and the classifier is the version in use.
    """
    from advisor.rules import load  # heavy: rule_engine

    version = store().learned.active()
    name = f"{version.name} {version.fingerprint}" if version else ""
    return _tools_of(load().fingerprint, name, version, store())


def assess(stored: Stored, handed_in: bool = False) -> Assessment:
    """Return what triage says about a version, with progress while many failures are read.

    Of what is `handed_in` it is kept: reviewers open it after the server started anew, too.
    """
    kit, draft = tools(), stored.draft
    prints = judged_by(kit, draft.failures)
    if handed_in and (found := kept(draft, prints)):
        return found
    read_with_progress(kit, draft)
    found = _assessment(stored.id, stored.version, prints, stored, kit)
    if handed_in:
        keep(draft, prints, found)
    return found


@st.cache_resource(show_spinner=False, max_entries=128)  # of about a third of a megabyte
def _assessment(
    id: str, version: int, prints: tuple[str, ...], _stored: Stored, _kit: Tools
) -> Assessment:
    """Judge a version once; a version never changes."""
    from advisor.triage.recommend import triage  # heavy: rule_engine

    return triage(_stored.draft, _kit)


def read_with_progress(kit: Tools, draft: Draft) -> None:
    """Read the failures; when that takes more than a moment, show how far it is."""
    from advisor.failures.remembered import Remembered  # heavy: numpy

    if not isinstance(kit.classifier, Remembered):
        return
    begun, all_, bar = time.monotonic(), 0, None
    for left in kit.classifier.progress(draft.failures, draft.corrections):
        all_ = all_ or left
        if left and all_ > SLOW:
            bar = bar or st.empty()
            spent = time.monotonic() - begun
            bar.progress(1 - left / all_, reading_words(all_, left, spent))
    if bar:
        bar.empty()
