"""Answers that would change a recommendation, put together for people."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from advisor.assessment import Assessment, Flip
from advisor.rules import RuleBook
from advisor.wording import answer_words, combination_words, listing


class Change(NamedTuple):
    """Answers to one question that all lead to the same other recommendation, in words."""

    ask: str
    now: str
    """The answer as it is; `I don't know` when there is none."""
    answered: bool
    """Whether anything, confirmed or not, counts as the answer now."""
    instead: str
    """`fewer than 50 examples`, `About once a year or Practically never`"""
    result: str


def changes(assessment: Assessment, book: RuleBook) -> list[Change]:
    """Return what would change the recommendation: answered questions first, as the form asks."""
    order = list(book.questions)
    ranked = sorted(assessment.flips, key=lambda flip: (_place(flip, order), flip.recommendation))
    joined = [
        _change(list(run), book)
        for _, run in groupby(ranked, key=lambda flip: (flip.question, flip.recommendation))
    ]
    return sorted(joined, key=lambda change: not change.answered)


def _place(flip: Flip, order: list[str]) -> int:
    return order.index(flip.question)


def _change(flips: list[Flip], book: RuleBook) -> Change:
    first = flips[0]
    return Change(
        ask=first.ask,
        now=answer_words(first.given, book.questions[first.question]),
        answered=first.given is not None,
        instead=listing((flip.words for flip in flips), "or"),
        result=combination_words(first.recommendation),
    )
