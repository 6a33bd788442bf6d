"""The form of a decision: what was typed becomes a request, and what was recorded becomes words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from advisor.core.validation import problems
from advisor.domain.lifecycle import VOTES, Action
from advisor.errors import InputError, Problem
from advisor.review.decisions.decision_requests import (
    ConditionTerm,
    DecisionRequest,
    Override,
    Tick,
    reason_problem,
    tick_problems,
)
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.dossier_words import number_of

_SHORTEST = 10


@dataclass(frozen=True)
class TypedCondition:
    """One row of conditions as typed."""

    what: str
    owner: str | None
    due: date | None


@dataclass(frozen=True)
class TypedDecision:
    """What stands in the form."""

    action: Action
    reason: str
    ticks: Mapping[str, tuple[str | None, str]]
    """Answer and note, by what the checklist asks."""
    conditions: tuple[TypedCondition, ...] = ()
    expires: date | None = None
    minutes: float | None = None
    compute: float | None = None
    accepted_risk: str = ""
    control: str = ""
    number: str = ""
    """What was typed again to show that it is meant."""


def request_of(view: ReviewView, typed: TypedDecision) -> DecisionRequest:
    """Return what is sent in, about the version as it was shown.

    Raises:
        InputError: with everything that cannot be sent; places are named as fields of the form.
    """
    if found := [*_texts(typed), *_ticks(view, typed), *_conditions(typed), *_again(view, typed)]:
        raise InputError(found)
    try:
        return DecisionRequest(**_fields(view, typed))
    except ValidationError as error:
        told = problems(error, "", {"": DecisionRequest.model_fields})
        raise InputError([
            Problem(one.where.removeprefix("."), one.what, one.mend) for one in told
        ]) from None


def _texts(typed: TypedDecision) -> Iterator[Problem]:
    """Yield which texts say nothing."""
    texts = {"reason": typed.reason}
    if typed.action is Action.OVERRIDE:
        texts |= {"override.accepted_risk": typed.accepted_risk, "override.control": typed.control}
    yield from filter(None, (reason_problem(where, text) for where, text in texts.items()))


def _ticks(view: ReviewView, typed: TypedDecision) -> Iterator[Problem]:
    """Yield what of the checklist has no answer or no note, and an override without an end."""
    if typed.action not in VOTES:
        return
    yield from tick_problems(dict.fromkeys(view.checklist, "Choose one"), typed.ticks)
    if typed.expires is None:
        yield Problem("expires", "is missing", "Name the last day")


def _conditions(typed: TypedDecision) -> Iterator[Problem]:
    for place, one in enumerate(typed.conditions, start=1):
        where = f"conditions.#{place}"
        if len(one.what.strip()) < _SHORTEST:
            yield Problem(f"{where}.what", "is too short", "Say what is to be done")
        if one.owner is None:
            yield Problem(f"{where}.owner", "is missing", "Choose who does it")
        if one.due is None:
            yield Problem(f"{where}.due", "is missing", "Choose a day")


def _again(view: ReviewView, typed: TypedDecision) -> Iterator[Problem]:
    number = number_of(view.about.proposal)
    if types_again(view, typed.action) and typed.number.strip().casefold() != number:
        yield Problem("number", "is not the number of this proposal", f"Type {number}")


def types_again(view: ReviewView, action: Action) -> bool:
    """Tell whether the number of the proposal must be typed: so much is at stake."""
    return view.tier.id == "high" and action in VOTES


def _fields(view: ReviewView, typed: TypedDecision) -> dict[str, Any]:
    about = view.about
    given: dict[str, Any] = {"action": typed.action, "reason": typed.reason}
    given |= {"version": about.version, "content": about.content}
    if typed.action not in VOTES:
        return given
    given["checklist"] = {
        name: Tick.model_validate({"answer": answer, "note": note})
        for name, (answer, note) in typed.ticks.items()
        if answer is not None
    }
    given["conditions"] = tuple(
        ConditionTerm(what=term.what.strip(), owner=term.owner or "", due=term.due or date.max)
        for term in typed.conditions
    )
    given["expires"] = typed.expires
    caps = {"minutes": typed.minutes, "compute": typed.compute}
    given |= {name: value for name, value in caps.items() if value is not None}
    if typed.action is Action.OVERRIDE:
        given["override"] = Override(accepted_risk=typed.accepted_risk, control=typed.control)
    return given
