"""The failures grouped, once for each version."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence

import streamlit as st

from advisor.domain.assessment import Assessment, FailureReading
from advisor.intake.failure_lists import reading_words
from advisor.models.encoder import load_encoder
from advisor.proposal import Draft
from advisor.triage.grouping.groups import Grouping, group
from advisor.triage.recommend import Tools, facts_of, suggestions
from advisor.ui.assessing import SLOW

KEPT = 16


@st.cache_resource
def _kept() -> OrderedDict[tuple[str, ...], Grouping]:
    """Return the groupings made last, by what they were made from."""
    return OrderedDict()


def grouped(draft: Draft, result: Assessment, kit: Tools) -> Grouping:
    """Group the failures once for each version; many show how far it is."""
    name, kept = tuple(result.fingerprints.model_dump().values()), _kept()
    if (grouping := kept.get(name)) is None:
        grouping = kept[name] = _group(draft, result.failures, kit)
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return grouping


def _group(draft: Draft, readings: Sequence[FailureReading], kit: Tools) -> Grouping:
    """Group the failures; more than a few hundred show progress and the time left."""
    total, begun = len(readings), time.monotonic()
    bar = st.empty()

    def tell(done: int) -> None:
        if total > SLOW:
            words = reading_words(total, total - done, time.monotonic() - begun)
            bar.progress(done / total, words.replace("Reading", "Grouping"))

    facts = facts_of(draft, suggestions(draft, kit))
    grouping = group(draft.failures, readings, load_encoder(), tell, facts)
    bar.empty()
    return grouping
