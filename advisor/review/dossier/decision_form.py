"""The form of a decision: what was typed becomes a request, and what was recorded becomes words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from advisor.core.validation import problems
from advisor.domain.lifecycle import BUTTONS, VOTES, Action
from advisor.domain.review import Decision
from advisor.errors import InputError, Problem
from advisor.presentation.wording import day_words
from advisor.review.decisions.decision_requests import (
    ConditionTerm,
    DecisionRequest,
    Override,
    Tick,
    reason_problem,
    tick_problems,
)
from advisor.review.decisions.judgement import Bar
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.dossier_words import number_of

OFFERED = (
    Action.APPROVE_PILOT,
    Action.APPROVE,
    Action.OVERRIDE,
    Action.REQUEST_CHANGES,
    Action.REFUSE,
    Action.ABSTAIN,
    Action.REVOKE,
)
"""What is decided on a dossier."""
_DOES: Mapping[Action, str] = {
    Action.APPROVE_PILOT: "approve a pilot of version {}",
    Action.APPROVE: "approve adoption of version {}",
    Action.OVERRIDE: "override what forbids version {}",
    Action.REQUEST_CHANGES: "ask for changes to version {}",
    Action.REFUSE: "refuse version {}",
    Action.ABSTAIN: "abstain on version {}",
    Action.REVOKE: "revoke the approval of version {}",
}
_AFTER: Mapping[Action, str] = {
    Action.APPROVE_PILOT: "A pilot may start now. This cannot be undone; a reviewer or risk can "
    "revoke the approval here at any time.",
    Action.APPROVE: "It may be trained and used now. This cannot be undone; a reviewer or risk can "
    "revoke the approval here at any time.",
    Action.OVERRIDE: "The veto is set aside until then, and every screen says so. This cannot be "
    "undone; a reviewer or risk can revoke the approval here at any time.",
    Action.REQUEST_CHANGES: "It is with its owner now. This cannot be undone; once the owner "
    "submits a changed version, it waits here again.",
    Action.REFUSE: "It is refused. This cannot be undone; the owner may change it and submit anew.",
    Action.ABSTAIN: "Others decide this version. This cannot be undone; on the next version you "
    "may decide again.",
    Action.REVOKE: "No training and no use rests on it any more. This cannot be undone; the owner "
    "may submit a new version.",
}
_VOTED = (
    "It counts; another person must agree before anything changes. It cannot be taken back; if you "
    "learn something new, write a comment or ask for changes."
)
_SHORTEST = 10


@dataclass(frozen=True)
class ConditionRow:
    """One row of conditions as typed."""

    what: str
    owner: str | None
    due: date | None


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    action: Action
    reason: str
    ticks: Mapping[str, tuple[str | None, str]]
    """Answer and note, by what the checklist asks."""
    conditions: tuple[ConditionRow, ...] = ()
    expires: date | None = None
    minutes: float | None = None
    compute: float | None = None
    accepted_risk: str = ""
    control: str = ""
    number: str = ""
    """What was typed again to show that it is meant."""


def request_of(view: ReviewView, typed: Typed) -> DecisionRequest:
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


def _texts(typed: Typed) -> Iterator[Problem]:
    """Yield which texts say nothing."""
    texts = {"reason": typed.reason}
    if typed.action is Action.OVERRIDE:
        texts |= {"override.accepted_risk": typed.accepted_risk, "override.control": typed.control}
    yield from filter(None, (reason_problem(where, text) for where, text in texts.items()))


def _ticks(view: ReviewView, typed: Typed) -> Iterator[Problem]:
    """Yield what of the checklist has no answer or no note, and an override without an end."""
    if typed.action not in VOTES:
        return
    yield from tick_problems(dict.fromkeys(view.checklist, "Choose one"), typed.ticks)
    if typed.expires is None:
        yield Problem("expires", "is missing", "Name the last day")


def _conditions(typed: Typed) -> Iterator[Problem]:
    for place, one in enumerate(typed.conditions, start=1):
        where = f"conditions.#{place}"
        if len(one.what.strip()) < _SHORTEST:
            yield Problem(f"{where}.what", "is too short", "Say what is to be done")
        if one.owner is None:
            yield Problem(f"{where}.owner", "is missing", "Choose who does it")
        if one.due is None:
            yield Problem(f"{where}.due", "is missing", "Choose a day")


def _again(view: ReviewView, typed: Typed) -> Iterator[Problem]:
    number = number_of(view.about.proposal)
    if types_again(view, typed.action) and typed.number.strip().casefold() != number:
        yield Problem("number", "is not the number of this proposal", f"Type {number}")


def types_again(view: ReviewView, action: Action) -> bool:
    """Tell whether the number of the proposal must be typed: so much is at stake."""
    return view.tier.id == "high" and action in VOTES


def _fields(view: ReviewView, typed: Typed) -> dict[str, Any]:
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
        ConditionTerm(what=one.what.strip(), owner=one.owner or "", due=one.due or date.max)
        for one in typed.conditions
    )
    given["expires"] = typed.expires
    caps = {"minutes": typed.minutes, "compute": typed.compute}
    given |= {name: value for name, value in caps.items() if value is not None}
    if typed.action is Action.OVERRIDE:
        given["override"] = Override(accepted_risk=typed.accepted_risk, control=typed.control)
    return given


def record_words(view: ReviewView, action: Action, expires: date | None) -> str:
    """Return what stands on the button: what is recorded."""
    until = f" until {day_words(expires)}" if expires and action in VOTES else ""
    return f"Record: {_DOES[action].format(view.about.version)}{until}"


def after_words(made: Decision) -> str:
    """Return what a decision led to, and what can still be done about it."""
    voted = made.target is made.source and made.action in VOTES
    return _VOTED if voted else _AFTER[made.action]


def forbidding(view: ReviewView, action: Action) -> tuple[Bar, ...]:
    """Return the vetoes that would refuse this now."""
    if action not in VOTES:
        return ()
    aside = {name for one in view.agreed for name in one.detail.get("set_aside", ())}
    overrides = action is Action.OVERRIDE
    return tuple(
        bar for bar in view.bars if bar.id not in aside and not (bar.override and overrides)
    )


def people_words(view: ReviewView, action: Action) -> str:
    """Return how many people must agree, and how many did; nothing where one is enough."""
    needed = view.tier.people(view.stage)
    if action not in VOTES or needed == 1:
        return ""
    risk = ", one of them from risk" if view.tier.one_from_risk else ""
    so_far = len(view.agreed)
    return f"{needed} people must agree{risk}. So far: {so_far}."


def offered(view: ReviewView) -> tuple[Action, ...]:
    """Return what this person may decide here now."""
    return tuple(
        one.move.action for one in view.buttons if one.move.action in OFFERED and not one.hindrance
    )


def hindrances(view: ReviewView) -> tuple[str, ...]:
    """Return why this person may not do what their role allows, one sentence each."""
    return tuple(
        f"{BUTTONS[one.move.action]}: {one.hindrance}"
        for one in view.buttons
        if one.move.action in OFFERED and one.hindrance
    )
