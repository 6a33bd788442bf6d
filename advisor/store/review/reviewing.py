"""Statements about reviews; each runs in the transaction of its caller, who locks the proposal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from advisor.core.strict import canonical
from advisor.domain.lifecycle import LEASED, Action, State, find
from advisor.domain.review import ApprovalCondition, Decision, Lease, Standing, Subject
from advisor.store.database.statements import new_id, not_found, now, replace_rows
from advisor.store.review import queue_statements
from advisor.store.tables.pilots import PilotRow
from advisor.store.tables.proposals import FailureSet, ProposalRow, VersionRow
from advisor.store.tables.review import ConditionRow, DecisionRow, LeaseRow, NoticeRow, ReviewRow
from advisor.store.versions import version_rows
from advisor.store.versions.version_records import SavedVersion

_DECISION: tuple[Any, ...] = tuple(
    DecisionRow.__table__.c[{"proposal": "proposal_id"}.get(name, name)]
    for name in Decision.__dataclass_fields__
    if name != "conditions"
)
_LEASE: tuple[Any, ...] = tuple(
    LeaseRow.__table__.c[{"decision": "decision_id", "proposal": "proposal_id"}.get(name, name)]
    for name in Lease.__dataclass_fields__
)


def subject(connection: Connection, id: str) -> Subject:
    """Return the latest version of a proposal.

    Raises:
        NotFoundError: there is no such proposal.
    """
    found = version_rows.find(connection, id)
    query = (
        select(
            VersionRow.fingerprint,
            ProposalRow.title,
            FailureSet.count,
            ProposalRow.recommendation,
            ProposalRow.assessed_version,
        )
        .join(ProposalRow, ProposalRow.id == VersionRow.proposal_id)
        .join(FailureSet, FailureSet.digest == VersionRow.failures)
        .where(VersionRow.proposal_id == id, VersionRow.version == found.version)
    )
    content, title, failures, advice, assessed = connection.execute(query).one()
    draft = version_rows.content_of(found).draft
    return Subject(id, found.version, content, title, draft, failures, advice, assessed)


def standing(connection: Connection, about: Subject) -> Standing:
    """Return where a proposal stands; one that was never submitted is a draft."""
    query = select(*ReviewRow.__table__.columns).where(ReviewRow.proposal_id == about.proposal)
    row = connection.execute(query).first()
    if row is None:
        at = select(ProposalRow.updated_at).where(ProposalRow.id == about.proposal)
        since = connection.execute(at).scalar_one()
        return Standing(about.proposal, State.DRAFT, about.version, about.content, "", since)
    return _standing(row)


def _standing(row: Iterable[Any]) -> Standing:
    given = dict(zip(ReviewRow.__table__.columns.keys(), row, strict=True))
    evidence = json.loads(given["evidence"]) if given["evidence"] else {}
    return Standing(
        proposal=given["proposal_id"],
        state=State(given["state"]),
        version=given["version"],
        content=given["content"],
        tier=given["tier"],
        since=given["since"],
        pilot=given["pilot"],
        evidence=evidence,
        against=given["against"],
        stale=given["stale"],
    )


def was_submitted(connection: Connection, id: str) -> bool:
    """Tell whether a proposal was ever handed in for review."""
    query = select(ReviewRow.proposal_id).where(ReviewRow.proposal_id == id)
    return connection.execute(query).first() is not None


def stand(connection: Connection, where: Standing) -> None:
    """Write where a proposal stands; votes count anew from here."""
    values = {
        "proposal_id": where.proposal,
        "state": where.state,
        "version": where.version,
        "content": where.content,
        "tier": where.tier,
        "since": where.since,
        "pilot": where.pilot,
        "evidence": canonical(dict(where.evidence)) if where.evidence else None,
        "asked": queue_statements.asked(connection, where.proposal, where.state),
        "agreed": 0,
        "agreed_risk": False,
        "against": where.against,
        "stale": False,
    }
    replace_rows(connection, ReviewRow, [values])


def writers(connection: Connection, id: str) -> frozenset[str]:
    """Return everybody who wrote a version: what they wrote is in what stands now, or led to it."""
    query = select(VersionRow.author).distinct().where(VersionRow.proposal_id == id)
    return frozenset(connection.execute(query).scalars())


def runners(connection: Connection, id: str) -> frozenset[str]:
    """Return everybody who started a pilot of it or handed one in."""
    started = select(PilotRow.author).where(PilotRow.proposal_id == id)
    handed = select(DecisionRow.actor).where(
        DecisionRow.proposal_id == id, DecisionRow.action == Action.RECORD_PILOT
    )
    return frozenset(connection.execute(started.union(handed)).scalars())


def decisions(connection: Connection, id: str, version: int | None = None) -> tuple[Decision, ...]:
    """Return what was decided about a proposal or one version of it, the oldest first."""
    query = select(*_DECISION).where(DecisionRow.proposal_id == id).order_by(DecisionRow.place)
    if version is not None:
        query = query.where(DecisionRow.version == version)
    return _read(connection, connection.execute(query).all())


def decision(connection: Connection, id: str) -> Decision:
    """Return one decision.

    Raises:
        NotFoundError: there is no such decision.
    """
    found = _read(connection, connection.execute(select(*_DECISION).where(DecisionRow.id == id)))
    if not found:
        raise not_found("decision")
    return found[0]


def decisions_of(connection: Connection, ids: Sequence[str]) -> tuple[Decision, ...]:
    """Return the decisions with these ids, those that there are."""
    query = select(*_DECISION).where(DecisionRow.id.in_(ids)).order_by(DecisionRow.id)
    return _read(connection, connection.execute(query).all())


def _read(connection: Connection, found: Iterable[Any]) -> tuple[Decision, ...]:
    given = [dict(zip(_NAMES, row, strict=True)) for row in found]
    under = conditions(connection, [one["id"] for one in given])
    return tuple(
        Decision(
            **one
            | {
                "action": Action(one["action"]),
                "source": State(one["source"]),
                "target": State(one["target"]),
                "detail": json.loads(one["detail"]),
                "conditions": tuple(item for item in under if item.decision == one["id"]),
            }
        )
        for one in given
    )


_NAMES = [name for name in Decision.__dataclass_fields__ if name != "conditions"]


def conditions(connection: Connection, decided: Sequence[str]) -> tuple[ApprovalCondition, ...]:
    """Return the conditions of some decisions."""
    query = select(*ConditionRow.__table__.columns).where(ConditionRow.decision_id.in_(decided))
    order = query.order_by(ConditionRow.decision_id, ConditionRow.place)
    return tuple(ApprovalCondition(*row) for row in connection.execute(order)) if decided else ()


def write(connection: Connection, made: Decision) -> None:
    """Write a decision with its conditions."""
    last = select(func.max(DecisionRow.place)).where(DecisionRow.proposal_id == made.proposal)
    place = (connection.execute(last).scalar() or 0) + 1
    values = {name: getattr(made, name) for name in _NAMES if name != "proposal"}
    values |= {"proposal_id": made.proposal, "place": place, "detail": canonical(dict(made.detail))}
    connection.execute(insert(DecisionRow).values(values))
    for one in made.conditions:
        connection.execute(
            insert(ConditionRow).values(
                decision_id=made.id, place=one.place, what=one.what, owner=one.owner, due=one.due
            )
        )


def meet(connection: Connection, condition: ApprovalCondition, by: str) -> None:
    """Write down that a condition is met."""
    here = (ConditionRow.decision_id == condition.decision, ConditionRow.place == condition.place)
    connection.execute(update(ConditionRow).where(*here).values(met_by=by, met_at=now()))


def lease(connection: Connection, id: str) -> Lease | None:
    """Return the approval of a proposal that was not ended; its time may be over all the same."""
    running = (LeaseRow.proposal_id == id, LeaseRow.ended_at.is_(None))
    newest = select(*_LEASE).where(*running).order_by(LeaseRow.granted_at.desc())
    row = connection.execute(newest).first()
    return _lease(row) if row else None


def running(
    connection: Connection, ids: Iterable[str] | None = None
) -> tuple[tuple[Standing, Lease], ...]:
    """Return approvals that were not ended, each with where its proposal stands.

    Args:
        connection: The open transaction.
        ids: Proposals; all if left out.
    """
    query = (
        select(*ReviewRow.__table__.columns, *_LEASE)
        .join_from(LeaseRow, ReviewRow, ReviewRow.proposal_id == LeaseRow.proposal_id)
        .where(LeaseRow.ended_at.is_(None))
        .order_by(LeaseRow.expires_at, LeaseRow.decision_id)
    )
    if ids is not None:
        query = query.where(LeaseRow.proposal_id.in_(sorted(ids)))
    wide = len(ReviewRow.__table__.columns)
    return tuple((_standing(row[:wide]), _lease(row[wide:])) for row in connection.execute(query))


def leases(connection: Connection, id: str) -> tuple[Lease, ...]:
    """Return every approval of a proposal, the oldest first."""
    query = select(*_LEASE).where(LeaseRow.proposal_id == id)
    return tuple(_lease(row) for row in connection.execute(query.order_by(LeaseRow.granted_at)))


def overriding(connection: Connection, before: datetime) -> tuple[Lease, ...]:
    """Return approvals by override that were given before a moment, ended ones too."""
    query = select(*_LEASE).where(LeaseRow.override.is_(True), LeaseRow.granted_at < before)
    return tuple(_lease(row) for row in connection.execute(query.order_by(LeaseRow.granted_at)))


def titles(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return titles of proposals by id, of those that there are."""
    query = select(ProposalRow.id, ProposalRow.title).where(ProposalRow.id.in_(sorted(set(ids))))
    return {id: title for id, title in connection.execute(query)}


def _lease(row: Any) -> Lease:
    given = dict(zip(Lease.__dataclass_fields__, row, strict=True))
    return Lease(**given | {"baseline": json.loads(given["baseline"])})


def grant(connection: Connection, given: Lease) -> None:
    """Write an approval."""
    values = {name: getattr(given, name) for name in Lease.__dataclass_fields__}
    values["decision_id"], values["proposal_id"] = values.pop("decision"), values.pop("proposal")
    connection.execute(
        insert(LeaseRow).values(values | {"baseline": canonical(dict(given.baseline))})
    )


def end(connection: Connection, id: str, why: str) -> None:
    """End the approvals of a proposal that run."""
    here = (LeaseRow.proposal_id == id, LeaseRow.ended_at.is_(None))
    connection.execute(update(LeaseRow).where(*here).values(ended_at=now(), ended_why=why))


def notices(connection: Connection, since: datetime) -> list[Any]:
    """Return what was told about base models and data sets since then, the oldest first."""
    columns = (NoticeRow.kind, NoticeRow.subject, NoticeRow.note, NoticeRow.at)
    query = select(*columns).where(NoticeRow.at > since)
    return [*connection.execute(query.order_by(NoticeRow.at))]


def void(
    connection: Connection, saved: SavedVersion, author: str, content: str, rules: str = ""
) -> bool:
    """Take back what stands for older versions, because a new one was saved.

    Returns:
        Whether it stood anywhere else than where it stands now.
    """
    query = select(*ReviewRow.__table__.columns).where(ReviewRow.proposal_id == saved.id)
    row = connection.execute(query).first()
    move = find(State(row.state), Action.EDIT) if row else None
    if row is None or move is None or move.source is move.target:
        return False
    if move.source in {*LEASED, State.EVALUATED}:
        end(connection, saved.id, f"version {saved.version} was saved")
    at = now()
    stand(connection, Standing(saved.id, move.target, saved.version, content, "", at))
    write(
        connection,
        Decision(
            new_id(), saved.id, saved.version, content, Action.EDIT, author, "", move.source,
            move.target, "", "", rules, at,
        ),
    )  # fmt: skip
    return True
