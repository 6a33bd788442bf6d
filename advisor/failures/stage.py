"""Where existing retrieval broke, as far as the texts of a failure tell."""

from __future__ import annotations

from advisor.domain.assessment import Stage
from advisor.failures.features.case import FailureCase
from advisor.failures.features.facts import held, unsure
from advisor.failures.features.texts import FailureText

PARTLY = 0.35
"""Share of the wanted answer's words that a cut passage must still hold."""


def stage_of(case: FailureCase) -> Stage | None:
    """Return where retrieval broke; None if no passage was given or none was needed."""
    if not case.context or not case.expected or unsure(case.expected):
        return None
    if _nothing_new(case):
        return None
    if held(case):
        return "misused"
    if ends_cut(case.context) and case.expected_support >= PARTLY:
        return "cut"
    return "not_shown"


def ends_cut(text: FailureText) -> bool:
    """Say whether a passage stops before its end."""
    return text.cut or (bool(text) and text.raw[-1] not in ".!?\"”')]}:|`")


def _nothing_new(case: FailureCase) -> bool:
    return case.expected.known <= case.question.known
