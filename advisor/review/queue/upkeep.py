"""What goes on without a decision: approvals end, the world changes, conditions are met."""

from __future__ import annotations

from advisor.core.strict import digest
from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.review import ApprovalCondition, Decision, ToldChange
from advisor.domain.trail import Event
from advisor.errors import ConflictError, NotAllowedError
from advisor.review.decisions.decide import write
from advisor.review.decisions.decision_requests import MoveOutcome, Notice
from advisor.review.decisions.leases import changes_since, named, over, triggers
from advisor.review.decisions.review_case import ReviewCase, read_case
from advisor.rules import RuleBook
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import (
    check_id,
    check_name,
    claim,
    new_id,
    not_found,
    now,
)
from advisor.store.people.rights import REFUSED, attempting, role_for
from advisor.store.review import approvals, decisions, parts, standing
from advisor.store.versions import version_rows

ADVISOR = "advisor"
"""Who ends approvals whose time is over."""
TELLERS = frozenset({Role.REVIEWER, Role.RISK, Role.RUNNER, Role.ADMINISTRATOR})
"""Who may tell what changed in the world; it only ever ends approvals."""
_JUDGES = frozenset({Role.REVIEWER, Role.RISK})
_REFUSAL = "Who {} needs another role than yours."


def expire_due(store: Store, book: RuleBook) -> tuple[Decision, ...]:
    """End every approval whose time is over or that was triggered; return what was written.

    Nothing rests on it being called in time: until then such an approval counts as over already.
    Evidence that went stale is marked for the queue.
    """
    with store.database.read() as transaction:
        running = approvals.running(transaction)
        changes = changes_since(transaction, book, (lease for _, lease in running))
    due: set[str] = set()
    for where, lease in running:
        triggered = triggers(lease, changes)
        if over(where, lease, triggered, now()):
            due.add(where.proposal)
        elif bool(triggered) != where.stale:
            with store.database.write() as transaction:
                standing.set_stale(transaction, where.proposal, where.since, bool(triggered))
    written = (_expire(store, book, id) for id in sorted(due))
    return tuple(made for made in written if made)


def _expire(store: Store, book: RuleBook, id: str) -> Decision | None:
    with store.database.write() as transaction:
        version_rows.lock(transaction, id)
        case = read_case(transaction, id, book)
        if not case.over:
            return None
        made = _expired(case)
        write(case, made, MoveOutcome())
        return made


def _expired(case: ReviewCase) -> Decision:
    where = case.where
    return Decision(
        id=new_id(),
        proposal=where.proposal,
        version=case.about.version,
        content=case.about.content,
        action=Action.EXPIRE,
        actor=ADVISOR,
        role="",
        source=where.state,
        target=State.EXPIRED,
        tier=where.tier,
        reason=case.over,
        rules=case.book.fingerprint,
        at=case.at,
    )


def tell(store: Store, notice: Notice, actor: str, key: str) -> str:
    """Write down that a base model or a data set changed, or a stronger model is available.

    Every approval given before that rests on it is over from now on.

    Raises:
        NotAllowedError: the person may not.
        ConflictError: the key was used for another write.
    """
    mine, given = new_id(), notice.model_dump(mode="json")
    attempt = Event(REFUSED, check_name("actor", actor), detail={"asked": "notice"})
    with attempting(store.database, attempt) as transaction:
        stands = claim(transaction, actor, key, given, mine)
        if stands == mine:
            role = role_for(transaction, actor, TELLERS, _REFUSAL.format("tells what changed"))
            told = ToldChange(notice.kind, named(notice.subject), notice.note, now())
            approvals.tell(transaction, mine, told, actor)
            detail = {"notice": mine, "kind": notice.kind, "text": digest(given)}
            audit_trail.append(transaction, Event("notice", actor, role, detail=detail))
        return stands


def meet(store: Store, decision: str, place: int, actor: str, key: str) -> None:
    """Write down that a condition of an approval is met; a reviewer does that, not its owner.

    Raises:
        NotFoundError: there is no such condition.
        NotAllowedError: the person may not, or the condition is their own.
        ConflictError: it was met already, or the key was used for another write.
    """
    mine = new_id()
    attempt = Event(REFUSED, check_name("actor", actor), detail={"asked": "meet_condition"})
    with attempting(store.database, attempt) as transaction:
        made = decisions.find(transaction, check_id(decision))
        version_rows.lock(transaction, made.proposal)
        if claim(transaction, actor, key, ["meet", decision, place], mine) != mine:
            return
        role = role_for(
            transaction, actor, _JUDGES, _REFUSAL.format("says that a condition is met")
        )
        condition = _open(transaction, decision, place)
        if actor == condition.owner or actor in parts.writers(transaction, made.proposal):
            raise NotAllowedError("writer", "This is your own work, so another person says so.")
        decisions.meet(transaction, condition, actor)
        detail = {"decision": decision, "place": place}
        event = Event("meet_condition", actor, role, made.proposal, made.version, detail=detail)
        audit_trail.append(transaction, event)


def _open(transaction: Transaction, decision: str, place: int) -> ApprovalCondition:
    for term in decisions.conditions(transaction, [decision]):
        if term.place == place:
            if term.met_at is not None:
                raise ConflictError("Somebody said already that this condition is met.")
            return term
    raise not_found("condition")


CHANGED = "change_rules"
"""The action of such a row."""


def note_rules(store: Store, book: RuleBook) -> bool:
    """Record the rules in force if the last row about rules names others; whether it did.

    Rules are files: whoever edits them is known to where they are kept, not to us.
    """
    with store.database.write() as transaction:
        before = audit_trail.rules_of_last(transaction, CHANGED)
        if before == book.fingerprint:
            return False
        detail = {"before": before or ""}
        audit_trail.append(
            transaction, Event(CHANGED, ADVISOR, rules=book.fingerprint, detail=detail)
        )
    return True
