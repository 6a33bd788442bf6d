"""Approving a pilot or adoption, and overriding what stands against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from advisor.domain.lifecycle import LEASED, Action, ApprovalKind, Move, Role
from advisor.domain.review import Decision, set_aside, votes
from advisor.errors import InputError, NotAllowedError, NotFoundError, Problem
from advisor.presentation.wording import day_words
from advisor.review.decisions.approval_facts import stated_compute
from advisor.review.decisions.decision_requests import (
    Caps,
    DecisionRequest,
    MoveOutcome,
    reason_problem,
    tick_problems,
)
from advisor.review.decisions.leases import OVERRIDE_DAYS, last_day
from advisor.review.decisions.review_case import ReviewCase
from advisor.rules.schema.approval import CheckItem, Stage, reaches
from advisor.rules.schema.rule_finding import did_you_mean
from advisor.store.people import people


def approve(
    case: ReviewCase, move: Move, request: DecisionRequest, actor: str, role: Role
) -> MoveOutcome:
    """Return what an approval or an override leads to.

    Raises:
        NotAllowedError: this person agreed already.
        InputError: with everything that stands against it or is missing.
    """
    stage = stage_of(move)
    earlier = votes(case.decided, move.source)
    if actor in {vote.actor for vote in earlier}:
        raise NotAllowedError("twice", "You agreed to this version; another person must, too.")
    day = request.expires or _longest(case, move, stage)
    problems = [*_against(case, move, stage, request, earlier)]
    problems += [*_checklist(case, stage, request), *_terms(case, request, day)]
    problems += [*_last_day(case, move, stage, day), *_override(request)]
    compute = request.compute or stated_compute(case.about.draft)
    if stage == "pilot" and compute is None:
        what = "is missing, and the form does not say it"
        problems.append(Problem("compute", what, "Say how many operations it may train with"))
    if problems:
        raise InputError(problems)
    detail = _detail(request, day, compute if stage == "pilot" else None)
    if move.action is Action.OVERRIDE:
        detail["set_aside"] = _set_aside(case, stage)
    roles = [*(vote.role for vote in earlier), role]
    enough = len(roles) >= case.tier.people(stage)
    made = enough and (Role.RISK in roles or not case.tier.one_from_risk)
    caps = _caps(stage, [*(vote.detail for vote in earlier), detail]) if made else None
    return MoveOutcome(made, detail, request.conditions, caps)


def stage_of(move: Move) -> Stage:
    """Return what an approval or an override allows."""
    return "pilot" if LEASED[move.target] is ApprovalKind.PILOT else "adoption"


def asked(case: ReviewCase, stage: Stage) -> dict[str, CheckItem]:
    """Return what the checklist asks at a stage in this tier, by id."""
    return {
        item.id: item
        for item in case.approval.checklist
        if stage in item.stages and reaches(case.tier.id, item.needed_from)
    }


def _longest(case: ReviewCase, move: Move, stage: Stage) -> date:
    return last_day(move.action, stage, case.tier, case.at.date())


def _against(
    case: ReviewCase,
    move: Move,
    stage: Stage,
    request: DecisionRequest,
    earlier: tuple[Decision, ...],
) -> Iterator[Problem]:
    """Yield vetoes that hold and fields that are missing."""
    overrides = move.action is Action.OVERRIDE
    aside = set_aside(earlier)
    for bar in case.judged.bars(stage):
        if bar.id not in aside and not (bar.override and overrides):
            yield bar.problem
    for field in case.judged.missing(stage):
        yield Problem(f"review.{field.id}", "is not filled in", f"Ask the owner: {field.ask}")
    noes = [name for name, tick in request.checklist.items() if tick.answer == "no"]
    if overrides and not noes and not _set_aside(case, stage):
        yield Problem("override", "there is nothing to set aside", "Approve it")
    if noes and not request.conditions and not overrides:
        mend = "Approve with conditions, ask for changes, or let the risk role override"
        yield Problem("checklist", f"says no to {', '.join(sorted(noes))}", mend)


def _set_aside(case: ReviewCase, stage: Stage) -> list[str]:
    """Return the vetoes that an override of this moment sets aside; later ones stand."""
    return [bar.id for bar in case.judged.bars(stage) if bar.override]


def _checklist(case: ReviewCase, stage: Stage, request: DecisionRequest) -> Iterator[Problem]:
    wanted = {name: item.ask for name, item in asked(case, stage).items()}
    yield from tick_problems(
        wanted, {name: (tick.answer, tick.note) for name, tick in request.checklist.items()}
    )
    for name in [name for name in request.checklist if name not in wanted]:
        mend = did_you_mean(name, wanted, "Remove it")
        yield Problem(f"checklist.{name}", "is not asked here", mend)


def _terms(case: ReviewCase, request: DecisionRequest, day: date) -> Iterator[Problem]:
    for number, term in enumerate(request.conditions, start=1):
        where = f"conditions.#{number}"
        if not case.at.date() <= term.due <= day:
            mend = f"Name a day from today to {day_words(day)}"
            yield Problem(f"{where}.due", "is not within the approval", mend)
        if not _there(case, term.owner):
            yield Problem(f"{where}.owner", "is nobody known here", "Choose a person of the list")


def _there(case: ReviewCase, person: str) -> bool:
    try:
        found = people.find(case.transaction, person)
    except NotFoundError:
        return False
    return found.id == person and not found.erased


def _last_day(case: ReviewCase, move: Move, stage: Stage, day: date) -> Iterator[Problem]:
    longest = _longest(case, move, stage)
    if not case.at.date() <= day <= longest:
        mend = f"Name a day from today to {day_words(longest)}"
        yield Problem("expires", "is not a day on which it may end", mend)


def _override(request: DecisionRequest) -> Iterator[Problem]:
    """Yield what is missing of an override, or one that does not belong here."""
    if request.action is not Action.OVERRIDE:
        if request.override is not None:
            yield Problem("override", "belongs to an override only", "Choose override")
        return
    if request.expires is None:
        mend = f"Name a last day, at most {OVERRIDE_DAYS} days ahead"
        yield Problem("expires", "an override needs its end", mend)
    if request.override is None:
        yield Problem("override", "is missing", "Say which risk is accepted, and what holds it")
        return
    for name in ("accepted_risk", "control"):
        if found := reason_problem(f"override.{name}", getattr(request.override, name)):
            yield found


def _detail(request: DecisionRequest, day: date, compute: float | None) -> dict[str, Any]:
    """Return what is kept with a vote."""
    given: dict[str, Any] = {"expires": day.isoformat()}
    given["checklist"] = {name: one.model_dump() for name, one in request.checklist.items()}
    if compute is not None:
        given |= {"minutes": request.minutes, "compute": compute}
    if request.override is not None:
        given["override"] = request.override.model_dump()
    return given


def _caps(stage: Stage, agreed: list[Any]) -> Caps:
    """Return the narrowest of what those who agreed allow."""
    least = {name: min((detail[name] for detail in agreed if name in detail), default=None)
             for name in ("minutes", "compute")}  # fmt: skip
    return Caps(
        kind=stage,
        last_day=min(date.fromisoformat(detail["expires"]) for detail in agreed),
        override=any("override" in detail for detail in agreed),
        minutes=least["minutes"],
        compute=least["compute"],
    )
