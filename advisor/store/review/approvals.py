"""Statements about approvals and what may end them; each runs in the transaction of its caller."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from advisor.core.strict import canonical
from advisor.domain.review import Lease, Standing, ToldChange
from advisor.store.database.statements import now
from advisor.store.review.standing import standing_of
from advisor.store.tables.review import LeaseRow, NoticeRow, ReviewRow

_LEASE: tuple[Any, ...] = tuple(
    LeaseRow.__table__.c[{"decision": "decision_id", "proposal": "proposal_id"}.get(name, name)]
    for name in Lease.__dataclass_fields__
)
_TOLD: tuple[Any, ...] = tuple(
    NoticeRow.__table__.c[name] for name in ToldChange.__dataclass_fields__
)


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
    return tuple((standing_of(row[:wide]), _lease(row[wide:])) for row in connection.execute(query))


def of_proposal(connection: Connection, id: str) -> tuple[Lease, ...]:
    """Return every approval of a proposal, the oldest first."""
    query = select(*_LEASE).where(LeaseRow.proposal_id == id)
    return tuple(_lease(row) for row in connection.execute(query.order_by(LeaseRow.granted_at)))


def overriding(connection: Connection, before: datetime) -> tuple[Lease, ...]:
    """Return approvals by override that were given before a moment, ended ones too."""
    query = select(*_LEASE).where(LeaseRow.override.is_(True), LeaseRow.granted_at < before)
    return tuple(_lease(row) for row in connection.execute(query.order_by(LeaseRow.granted_at)))


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


def tell(connection: Connection, id: str, told: ToldChange, actor: str) -> None:
    """Write down what somebody told about a base model or a data set."""
    connection.execute(insert(NoticeRow).values(vars(told) | {"id": id, "actor": actor}))


def told_since(connection: Connection, since: datetime) -> tuple[ToldChange, ...]:
    """Return what was told about base models and data sets since then, the oldest first."""
    query = select(*_TOLD).where(NoticeRow.at > since).order_by(NoticeRow.at)
    return tuple(ToldChange(*row) for row in connection.execute(query))
