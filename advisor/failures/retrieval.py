"""Where existing retrieval broke: the passage was not shown, was cut off, or was not used."""

from __future__ import annotations

from advisor.domain.assessment import Stage
from advisor.failures.features.case import Case
from advisor.failures.features.facts import held, unsure
from advisor.failures.features.texts import Text
from advisor.proposal import Failure

PARTLY = 0.35
"""Share of the wanted answer's words that a cut passage must still hold."""


def stage(failure: Failure) -> Stage | None:
    """Return where retrieval broke; `None` if no passage was given or none was needed."""
    return stage_of(Case.of(failure))


def stage_of(case: Case) -> Stage | None:
    """Do the same for a failure already taken apart."""
    if not case.context or not case.expected or unsure(case.expected):
        return None
    if _nothing_new(case):
        return None
    if held(case):
        return "misused"
    if ends_cut(case.context) and case.expected_support >= PARTLY:
        return "cut"
    return "not_shown"


def ends_cut(text: Text) -> bool:
    """Say whether a passage stops before its end."""
    return text.cut or (bool(text) and text.raw[-1] not in ".!?\"”')]}:|`")


def _nothing_new(case: Case) -> bool:
    return case.expected.known <= case.question.known
