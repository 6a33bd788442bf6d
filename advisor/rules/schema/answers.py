"""Which answers a question takes, and what to say about those it does not take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from advisor.errors import Problem
from advisor.proposal import Answer
from advisor.rules.schema.approval import ReviewField
from advisor.rules.schema.rule_finding import did_you_mean
from advisor.rules.schema.rule_schema import ConditionSubject

_Kind = TypeVar("_Kind")


@dataclass(frozen=True)
class AnswerType:
    """One type of answer: the Python types it comes in, in words, and its limits."""

    types: frozenset[type]
    words: Callable[[ConditionSubject], str]
    fits: Callable[[ConditionSubject, Any], bool]
    read: Callable[[str], Answer]
    """Turn the text of a `likely` key into an answer; may raise `ValueError`."""


def _within(question: ConditionSubject, value: float) -> bool:
    return question.minimum <= value <= question.maximum


def _number(text: str) -> Answer:
    value = float(text)
    return int(value) if value.is_integer() else value


FORMS: dict[str, AnswerType] = {
    "yes_no": AnswerType(
        frozenset({bool}),
        lambda _: "yes or no",
        lambda _, __: True,
        lambda text: {"yes": True, "no": False}[text],
    ),
    "number": AnswerType(
        frozenset({int, float}),
        lambda question: f"a number from {question.minimum:,.15g} to {question.maximum:,.15g}",
        _within,
        _number,
    ),
    "choice": AnswerType(
        frozenset({str}),
        lambda question: "one of " + ", ".join(question.options),
        lambda question, value: value in question.options,
        str,
    ),
}


def takes(question: ConditionSubject, value: Answer) -> bool:
    """Tell whether `value` is an answer to `question`; `None` ("I don't know") always is."""
    form = FORMS[question.type]
    return value is None or (type(value) in form.types and form.fits(question, value))


def problem(question: ConditionSubject, value: Answer, where: str) -> Problem | None:
    """Return what is wrong with `value` as an answer to `question`, or `None`."""
    if takes(question, value):
        return None
    hint = did_you_mean(value, question.options) if isinstance(value, str) else ""
    mend = f"Use {FORMS[question.type].words(question)}. {hint}".strip()
    return Problem(where, f"{said(value)} is not an answer to {question.id!r}", mend)


def problems(
    answers: Mapping[str, Answer], questions: Mapping[str, ConditionSubject], where: str
) -> Iterator[Problem]:
    """Yield one problem for each unknown question and each answer that does not fit."""
    mend = "Remove it; questions.yaml lists what is asked"
    yield from misfits(answers, questions, where, ("there is no question", mend), problem)


def misfits(
    answers: Mapping[str, Answer],
    asked: Mapping[str, _Kind],
    where: str,
    unknown: tuple[str, str],
    check: Callable[[_Kind, Answer, str], Problem | None],
) -> Iterator[Problem]:
    """Yield one problem for each answer to nothing that is asked, and each that does not fit.

    Args:
        answers: by what they answer.
        asked: everything that is asked.
        where: where the answers stand.
        unknown: what is said of a name that is not asked, and the mend if none is near.
        check: returns what is wrong with an answer.
    """
    what, mend = unknown
    for name, value in answers.items():
        place = f"{where}.{name}"[:200]
        if name not in asked:
            yield Problem(place, f"{what} {name!r}", did_you_mean(name, asked, mend))
        elif found := check(asked[name], value, place):
            yield found


def read(question: ConditionSubject, text: str) -> Answer:
    """Return the answer that `text` (a key of `likely`) stands for; `None` if there is none."""
    try:
        value = FORMS[question.type].read(text)
    except (ValueError, KeyError, OverflowError):
        return None
    return value if takes(question, value) else None


def said(value: Any) -> str:
    """Return an answer as a person writes it: `yes`, `6`, `'weekly'`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value)[:80]


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
