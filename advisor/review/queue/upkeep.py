"""What goes on without a decision: approvals end, the world changes, conditions are met."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from advisor.core.strict import digest
from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.review import ApprovalCondition, Decision
from advisor.domain.trail import Event
from advisor.errors import ConflictError, NotAllowedError
from advisor.review.decisions.decide import write
from advisor.review.decisions.decision_requests import MoveOutcome, Notice
from advisor.review.decisions.leases import named, news, over, triggers
from advisor.review.decisions.review_case import ReviewCase, matter
from advisor.rules import RuleBook
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.database.idempotency import claim
from advisor.store.database.statements import alone, check_id, check_name, new_id, not_found, now
from advisor.store.review import people, queue_statements, reviewing
from advisor.store.review.refusals import REFUSED, refusals_told
from advisor.store.tables.review import NoticeRow
from advisor.store.tables.trail import TrailRow
from advisor.store.versions import version_rows

ADVISOR = "advisor"
"""Who ends approvals whose time is over."""
TELLERS = frozenset({Role.REVIEWER, Role.RISK, Role.RUNNER, Role.ADMINISTRATOR})
"""Who may tell what changed in the world; it only ever ends approvals."""
_JUDGES = frozenset({Role.REVIEWER, Role.RISK})


def expire_due(store: Store, book: RuleBook) -> tuple[Decision, ...]:
    """End every approval whose time is over or that was triggered; return what was written.

    Nothing rests on it being called in time: until then such an approval counts as over already.
    Evidence that went stale is marked for the queue.
    """
    with store.database.read() as connection:
        running = reviewing.running(connection)
        told = news(connection, book, (lease for _, lease in running))
    due: set[str] = set()
    for where, lease in running:
        triggered = triggers(lease, told)
        if over(where, lease, triggered, now()):
            due.add(where.proposal)
        elif bool(triggered) != where.stale:
            with store.database.write() as connection:
                queue_statements.set_stale(connection, where.proposal, where.since, bool(triggered))
    written = (_expire(store, book, id) for id in sorted(due))
    return tuple(made for made in written if made)


def _expire(store: Store, book: RuleBook, id: str) -> Decision | None:
    with store.database.write() as connection:
        version_rows.lock(connection, id)
        case = matter(connection, id, book)
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
    with refusals_told(store, attempt), store.database.write() as connection:
        stands = claim(connection, actor, key, given, mine)
        if stands == mine:
            role = _held(connection, actor, TELLERS, "tells what changed")
            values = {"kind": notice.kind, "subject": named(notice.subject), "note": notice.note}
            connection.execute(
                insert(NoticeRow).values(values | {"id": mine, "actor": actor, "at": now()})
            )
            detail = {"notice": mine, "kind": notice.kind, "text": digest(given)}
            audit_trail.append(connection, Event("notice", actor, role, detail=detail))
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
    with refusals_told(store, attempt), store.database.write() as connection:
        made = reviewing.decision(connection, check_id(decision))
        version_rows.lock(connection, made.proposal)
        if claim(connection, actor, key, ["meet", decision, place], mine) != mine:
            return
        role = _held(connection, actor, _JUDGES, "says that a condition is met")
        condition = _open(connection, decision, place)
        if actor == condition.owner or actor in reviewing.writers(connection, made.proposal):
            raise NotAllowedError("writer", "This is your own work, so another person says so.")
        reviewing.meet(connection, condition, actor)
        detail = {"decision": decision, "place": place}
        event = Event("meet_condition", actor, role, made.proposal, made.version, detail=detail)
        audit_trail.append(connection, event)


def _open(connection: Connection, decision: str, place: int) -> ApprovalCondition:
    for one in reviewing.conditions(connection, [decision]):
        if one.place == place:
            if one.met_at is not None:
                raise ConflictError("Somebody said already that this condition is met.")
            return one
    raise not_found("condition")


def _held(connection: Connection, actor: str, wanted: frozenset[Role], what: str) -> Role:
    held = wanted & people.roles_of(connection, actor)
    if not held:
        raise NotAllowedError("role", f"Who {what} needs another role than yours.")
    return Role.RISK if Role.RISK in held else min(held)


CHANGED = "change_rules"
"""The action of such a row."""


def note_rules(store: Store, book: RuleBook) -> bool:
    """Record the rules in force if the last row about rules names others; whether it did.

    Rules are files: whoever edits them is known to where they are kept, not to us.
    """
    query = select(TrailRow.rules).where(TrailRow.action == CHANGED)
    with store.database.write() as connection:
        alone(connection, TrailRow)
        before = connection.execute(query.order_by(TrailRow.seq.desc()).limit(1)).scalar()
        if before == book.fingerprint:
            return False
        detail = {"before": before or ""}
        audit_trail.append(
            connection, Event(CHANGED, ADVISOR, rules=book.fingerprint, detail=detail)
        )
    return True
