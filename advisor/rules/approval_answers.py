"""What is said about answers on the form of the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.errors import Problem
from advisor.proposal import Answer
from advisor.rules.answers import problem, said
from advisor.rules.approval_schema import ReviewField
from advisor.rules.finding import did_you_mean


def review_problems(
    given: Mapping[str, Answer], fields: Mapping[str, ReviewField], where: str
) -> Iterator[Problem]:
    """Yield one problem for each unknown field and each answer that does not fit."""
    for name, value in given.items():
        place = f"{where}.{name}"[:200]
        if name not in fields:
            mend = did_you_mean(name, fields, "Remove it; approval.yaml lists what is asked")
            yield Problem(place, f"the review has no field {name!r}", mend)
        elif found := _misfit(fields[name], value, place):
            yield found


def _misfit(field: ReviewField, value: Answer, place: str) -> Problem | None:
    if field.type != "text":
        return problem(field.asked, value, place)
    if value is None or isinstance(value, str):
        return None
    return Problem(place, f"{said(value)} is not an answer to {field.id!r}", "Write a text")


def filled(value: Answer) -> bool:
    """Tell whether somebody answered: a text that is more than spaces, or any other answer."""
    return bool(value.strip()) if isinstance(value, str) else value is not None
