"""Answers that would change a recommendation, put together for people."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from advisor.domain.assessment import Assessment, Flip
from advisor.presentation.wording import answer_words, combination_words, listing
from advisor.rules import RuleBook


class FlippingAnswers(NamedTuple):
    """Answers to one question that all lead to the same other recommendation, in words."""

    ask: str
    now: str | None
    """The answer as it is, with `read from your words` behind it; none while it is open."""
    instead: str
    """`fewer than 50 examples`, `About once a year or Practically never`"""
    result: str


def changes(assessment: Assessment, book: RuleBook) -> list[FlippingAnswers]:
    """Return what would change the recommendation: answered questions first, as the form asks."""
    order = list(book.questions)
    ranked = sorted(
        assessment.flips,
        key=lambda flip: (flip.given is None, order.index(flip.question), flip.recommendation),
    )
    runs = groupby(ranked, key=lambda flip: (flip.question, flip.recommendation))
    suggested = _suggested(assessment)
    return [_change(list(run), name in suggested, book) for (name, _), run in runs]


def _suggested(assessment: Assessment) -> set[str]:
    given = (answer for item in assessment.evidence for answer in item.given)
    return {answer.question for answer in given if answer.suggested}


def _change(flips: list[Flip], suggested: bool, book: RuleBook) -> FlippingAnswers:
    first = flips[0]
    now = answer_words(first.given, book.questions[first.question])
    note = ", read from your words" if suggested else ""
    return FlippingAnswers(
        ask=first.ask,
        now=None if first.given is None else f"{now}{note}",
        instead=listing((flip.words for flip in flips), "or"),
        result=combination_words(first.recommendation),
    )
