"""Decisions: every move of every person goes through here, and is refused or written down once.

The page may hide a button; this is where it is refused. Role, version, state and separation of
duties are read in the transaction that writes the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from advisor.domain.lifecycle import BUTTONS, VOTES, Action, Move, Role, State
from advisor.domain.review import ApprovalCondition, Decision, Lease, Standing, hashed
from advisor.domain.trail import Event
from advisor.errors import InputError
from advisor.review.decisions import move_rights
from advisor.review.decisions.approving import approve
from advisor.review.decisions.decision_requests import (
    Caps,
    DecisionRequest,
    MoveOutcome,
    reason_problem,
)
from advisor.review.decisions.leases import baseline, end_of
from advisor.review.decisions.review_case import ReviewCase, read_case
from advisor.review.decisions.submission import hand_in, submit
from advisor.review.notifying.notices import note_decision
from advisor.rules import RuleBook
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import check_id, check_name, claim, new_id
from advisor.store.people.rights import REFUSED, attempting
from advisor.store.review import approvals, decisions, standing
from advisor.store.versions import version_rows

Make = Callable[[ReviewCase, Move, DecisionRequest, str, Role], MoveOutcome]
_MAKE: Mapping[Action, Make] = {
    Action.SUBMIT: submit,
    Action.RECORD_PILOT: hand_in,
    Action.APPROVE_PILOT: approve,
    Action.APPROVE: approve,
    Action.OVERRIDE: approve,
}
"""What is special about an action; the others need a reason and nothing else."""
_KEEP_LEASE = frozenset({State.PILOT, State.EVALUATED})
"""States in which the approval of a pilot goes on."""


class ReviewService:
    """Where decisions are made. Safe to share between threads, sessions and processes."""

    def __init__(self, store: Store, book: RuleBook) -> None:
        """Use an open store and the rules in force."""
        self._store = store
        self._book = book

    def decide(self, id: str, request: DecisionRequest, actor: str, key: str) -> Decision:
        """Make a move, or vote for one; the same actor, key and request again change nothing.

        Args:
            id: The proposal.
            request: What is decided, about which version as the person saw it.
            actor: Id of the person.
            key: Idempotency key.

        Returns:
            The decision. Its `target` is its `source` while others must agree, too.

        Raises:
            NotFoundError: there is no such proposal or pilot.
            NotAllowedError: this person may not, or has a part in the proposal.
            ConflictError: it was changed or decided meanwhile; says what and by whom.
            InputError: with everything that is missing or stands against it.
        """
        check_id(id), check_name("actor", actor), check_name("key", key)
        attempt = Event(
            REFUSED,
            actor,
            proposal=id,
            version=request.version,
            content=request.content,
            detail={"asked": request.action},
        )
        with attempting(self._store.database, attempt) as transaction:
            version_rows.lock(transaction, id)
            mine = new_id()
            stands = claim(transaction, actor, key, [id, request.model_dump(mode="json")], mine)
            if stands != mine:
                return decisions.find(transaction, stands)
            return self._decide(transaction, id, request, actor, mine)

    def _decide(
        self, transaction: Transaction, id: str, request: DecisionRequest, actor: str, mine: str
    ) -> Decision:
        case = read_case(transaction, id, self._book)
        move, role = move_rights.allowed(case, request, actor)
        _check_reason(move, request)
        make = _MAKE.get(move.action)
        found = make(case, move, request, actor, role) if make else MoveOutcome()
        made = _decision(case, move, request, found, (mine, actor, role))
        write(case, made, found)
        return made


def _check_reason(move: Move, request: DecisionRequest) -> None:
    """Refuse a decision without a reason.

    Raises:
        InputError: it has none that says anything.
    """
    problem = reason_problem("reason", request.reason) if move.reason_required else None
    if problem:
        raise InputError(problem)


def _decision(
    case: ReviewCase,
    move: Move,
    request: DecisionRequest,
    found: MoveOutcome,
    by: tuple[str, str, str],
) -> Decision:
    id, actor, role = by
    terms = tuple(
        ApprovalCondition(id, place, term.what, term.owner, term.due)
        for place, term in enumerate(found.conditions, start=1)
    )
    return Decision(
        id=id,
        proposal=case.about.proposal,
        version=case.about.version,
        content=case.about.content,
        action=move.action,
        actor=actor,
        role=role,
        source=move.source,
        target=move.target if found.made else move.source,
        tier=case.tier.id,
        reason=request.reason.strip(),
        rules=case.book.fingerprint,
        at=case.at,
        detail=found.detail,
        conditions=terms,
    )


def write(case: ReviewCase, made: Decision, found: MoveOutcome) -> None:
    """Write a decision, where the proposal stands then, its approval, news and the trail's row."""
    transaction, id = case.transaction, made.proposal
    decisions.write(transaction, made)
    if made.moved:
        keeps = made.target in _KEEP_LEASE and made.source in _KEEP_LEASE
        if not keeps:
            approvals.end(transaction, id, case.over or BUTTONS[made.action])
        standing.write(transaction, _standing(case, made, found))
    elif made.action in VOTES:
        standing.count_vote(transaction, made)
    if found.caps:
        approvals.grant(transaction, _lease(case, made, found.caps))
    note_decision(transaction, made)
    audit_trail.append(transaction, _event(made, found))


def _standing(case: ReviewCase, made: Decision, found: MoveOutcome) -> Standing:
    follows = made.target in {State.EVALUATED, State.APPROVED}
    return Standing(
        proposal=made.proposal,
        state=made.target,
        version=made.version,
        content=made.content,
        tier=made.tier,
        since=made.at,
        pilot=found.pilot or (case.where.pilot if follows else None),
        evidence=found.evidence or (case.where.evidence if follows else {}),
        against=case.judged.given["against_advice"] is True,
    )


def _lease(case: ReviewCase, made: Decision, caps: Caps) -> Lease:
    return Lease(
        decision=made.id,
        proposal=made.proposal,
        kind=caps.kind,
        granted_at=made.at,
        expires_at=end_of(caps.last_day),
        override=caps.override,
        minutes=caps.minutes,
        compute=caps.compute,
        baseline=baseline(case.judged),
    )


def _event(made: Decision, found: MoveOutcome) -> Event:
    """Return the row of the trail."""
    detail = hashed(made)
    if found.caps:
        detail["until"] = found.caps.last_day.isoformat()
    return Event(
        action=made.action,
        actor=made.actor,
        role=made.role,
        proposal=made.proposal,
        version=made.version,
        content=made.content,
        rules=made.rules,
        detail=detail,
    )
