"""What is said about answers on the form of the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.errors import Problem
from advisor.proposal import Answer
from advisor.rules.schema.answers import misfits, problem, said
from advisor.rules.schema.approval import ReviewField


def review_problems(
    given: Mapping[str, Answer], fields: Mapping[str, ReviewField], where: str
) -> Iterator[Problem]:
    """Yield one problem for each unknown field and each answer that does not fit."""
    mend = "Remove it; approval.yaml lists what is asked"
    yield from misfits(given, fields, where, ("the review has no field", mend), _misfit)


def _misfit(field: ReviewField, value: Answer, place: str) -> Problem | None:
    if field.type != "text":
        return problem(field.asked, value, place)
    if value is None or isinstance(value, str):
        return None
    return Problem(place, f"{said(value)} is not an answer to {field.id!r}", "Write a text")


def filled(value: Answer) -> bool:
    """Tell whether somebody answered: a text that is more than spaces, or any other answer."""
    return bool(value.strip()) if isinstance(value, str) else value is not None
