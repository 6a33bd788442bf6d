"""Handing in a proposal for review, and the result of its pilot."""

from __future__ import annotations

from typing import Any

from advisor.domain.lifecycle import Action, Move, Role
from advisor.domain.pilot_state import PilotInfo
from advisor.errors import InputError, Problem
from advisor.review.decisions.decision_requests import DecisionRequest, MoveOutcome
from advisor.review.decisions.review_case import ReviewCase
from advisor.store.pilots import pilot_statements

TUNED = frozenset({"fine_tuning", "fine_tuning+retrieval"})
"""Arms whose verdict is about fine-tuning."""


def submit(
    case: ReviewCase, move: Move, request: DecisionRequest, actor: str, role: Role
) -> MoveOutcome:
    """Return what handing in leads to.

    Raises:
        InputError: with everything that is missing, does not fit or forbids it.
    """
    draft = case.about.draft
    problems = case.book.answer_problems(draft.answers, "answers")
    problems += case.book.review_problems(draft.review, "review")
    for name in ("title", "description"):
        if not getattr(draft, name).strip():
            problems.append(Problem(name, "is empty", "Write a sentence"))
    for field in case.judged.missing("submit"):
        problems.append(Problem(f"review.{field.id}", "is not filled in", field.ask))
    problems += [bar.problem for bar in case.judged.bars("submit")]
    if any(made.action is Action.REQUEST_CHANGES for made in case.decided):
        what = "is the one that changes were asked for"
        problems.append(Problem("version", what, "Make the changes, then submit"))
    if problems:
        raise InputError(problems)
    return MoveOutcome(detail={"tier_because": [*case.judged.tier_because]})


def hand_in(
    case: ReviewCase, move: Move, request: DecisionRequest, actor: str, role: Role
) -> MoveOutcome:
    """Return what a pilot's result leads to.

    Raises:
        NotFoundError: there is no such pilot.
        InputError: it is another proposal's, not over, or ran outside its approval.
    """
    if request.pilot is None:
        raise InputError(Problem("pilot", "is missing", "Name the pilot; `advisor pilot list`"))
    info = pilot_statements.find(case.transaction, request.pilot)
    problem = _refused(case, info)
    if problem:
        raise InputError(Problem("pilot", *problem))
    evidence = _evidence(case, info)
    return MoveOutcome(detail={"pilot": info.id, **evidence}, pilot=info.id, evidence=evidence)


def _refused(case: ReviewCase, info: PilotInfo) -> tuple[str, str] | None:
    """Return why a pilot cannot be handed in, and the mend."""
    lease = case.lease
    if info.proposal_id != case.about.proposal:
        return "belongs to another proposal", "Name a pilot of this one"
    if info.state != "done" or info.outcome is None:
        return f"is {info.state} and has no result", "Wait for its end, or run it again"
    if lease is None or not lease.granted_at <= info.created_at <= lease.expires_at:
        return "was not started under this approval", "Run it again"
    if info.id == case.where.pilot:
        return "was handed in before", "Name another one"
    return None


def _evidence(case: ReviewCase, info: PilotInfo) -> dict[str, Any]:
    """Return what the pilot found about fine-tuning, and what it took against what it might."""
    result, usage = pilot_statements.outcome_of(case.transaction, info.id)
    about = result["comparison"]["verdict"]["recommended"]
    compute = sum(float(one.get("training_flops", 0)) for one in usage)
    minutes = info.spent / 60
    lease = case.lease
    caps = ((minutes, lease.minutes), (compute, lease.compute)) if lease else ()
    return {
        "says": info.outcome if about in TUNED else "another way",
        "outcome": info.outcome,
        "minutes": minutes,
        "compute": compute,
        "over_limit": any(cap is not None and took > cap for took, cap in caps),
    }
