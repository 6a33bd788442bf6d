"""Gathering what a record says, as of one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor import __version__
from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import Action
from advisor.domain.review import Decision
from advisor.domain.trail import TrailEntry, Unreadable
from advisor.errors import InputError, Problem
from advisor.review.decisions.review_case import ReviewCase
from advisor.review.recording.decision_record import (
    Body,
)
from advisor.review.recording.recorded_parts import (
    recorded_advice,
    recorded_approval,
    recorded_decision,
    recorded_form,
    recorded_pilot,
)
from advisor.store import Store, Stored, Transaction
from advisor.store.people import people
from advisor.store.review import approvals, decisions


def about_version(store: Store, id: str) -> int:
    """Return the version that was last decided on.

    Raises:
        NotFoundError: there is no such proposal.
        InputError: it was never handed in, so nothing was decided.
    """
    latest = store.get(id).version
    with store.database.read() as transaction:
        made = decisions.about(transaction, id)
    versions = [vote.version for vote in made if vote.action is not Action.EDIT]
    if not versions:
        what = f"was never handed in for review (version {latest})"
        raise InputError(Problem("proposal", what, "Submit it; then there is something to record"))
    return versions[-1]


def body(
    store: Store,
    case: ReviewCase,
    stored: Stored,
    advice: Assessment | None,
    rows: tuple[TrailEntry | Unreadable, ...],
    actor: str,
) -> Body:
    """Return what a record says.

    Args:
        store: Where the result of the pilot is kept.
        case: The proposal as it stands now.
        stored: The version that was decided on.
        advice: What triage says about it.
        rows: Every row of the trail about the proposal.
        actor: Who takes the record away.

    Raises:
        InputError: a row of the trail cannot be read.
    """
    transaction, id = case.transaction, case.about.proposal
    history = decisions.about(transaction, id)
    decided = [made for made in history if made.version == stored.version]
    saved_by = next(one.author for one in store.versions(id) if one.version == stored.version)
    return Body(
        advisor=__version__,
        written_at=case.at,
        written_by=actor,
        proposal=id,
        **_of_version(stored),
        content=decided[-1].content,
        saved_by=saved_by,
        **_standing(case, decided[-1].tier),
        form=tuple(recorded_form(stored.draft, case)),
        advice=recorded_advice(advice),
        pilot=recorded_pilot(store, decided),
        history=tuple(map(recorded_decision, history)),
        approvals=tuple(map(recorded_approval, approvals.of_proposal(transaction, id))),
        words=_words(case),
        names=_names(transaction, history, saved_by, actor),
        rows=_readable(rows),
    )


def _of_version(stored: Stored) -> dict[str, Any]:
    draft = stored.draft
    return {
        "title": draft.title,
        "description": draft.description,
        "requested": draft.requested,
        "version": stored.version,
        "failures": len(draft.failures),
    }


def _standing(case: ReviewCase, tier_id: str) -> dict[str, Any]:
    """Return where it stands now, and the tier that was decided by."""
    tier = next(one for one in case.approval.tiers.values() if one.id == tier_id)
    return {
        "state": case.state,
        "latest": case.about.version,
        "over": case.over,
        "tier": tier.name,
        "tier_meaning": tier.meaning,
    }


def _readable(rows: tuple[TrailEntry | Unreadable, ...]) -> tuple[TrailEntry, ...]:
    if any(isinstance(row, Unreadable) for row in rows):
        what = "holds a row that cannot be read"
        raise InputError(Problem("trail", what, "See: advisor audit verify"))
    return tuple(row for row in rows if isinstance(row, TrailEntry))


def _words(case: ReviewCase) -> dict[str, str]:
    vetoes = {veto.record.id: veto.record.title for veto in case.approval.vetoes}
    return vetoes | {item.id: item.ask for item in case.approval.checklist}


def _names(
    transaction: Transaction, history: tuple[Decision, ...], *more: str
) -> Mapping[str, str]:
    ids = {made.actor for made in history} | set(more)
    for made in history:
        ids |= {name for term in made.conditions for name in (term.owner, term.met_by) if name}
    return people.names(transaction, ids)
