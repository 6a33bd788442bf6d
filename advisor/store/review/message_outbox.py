"""Statements about what is to be told outside; each runs in the transaction of its caller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from advisor.core.strict import canonical, digest
from advisor.store.database.statements import insert_once, now
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import OutboxRow

KEPT = timedelta(days=90)
"""How long what is over stays in the outbox."""


@dataclass(frozen=True)
class Waiting:
    """One message that is to be sent."""

    id: str
    channel: str
    person: str
    kind: str
    proposal: str
    detail: Mapping[str, Any]
    created_at: datetime
    next_at: datetime
    tries: int


@dataclass(frozen=True)
class Failed:
    """One message that did not arrive."""

    channel: str
    person: str
    kind: str
    proposal: str
    title: str
    created_at: datetime
    tries: int
    given_up: bool
    problem: str


_WAITING = (
    OutboxRow.id, OutboxRow.channel, OutboxRow.person, OutboxRow.kind, OutboxRow.proposal_id,
    OutboxRow.detail, OutboxRow.created_at, OutboxRow.next_at, OutboxRow.tries,
)  # fmt: skip
_FAILED = (
    OutboxRow.channel, OutboxRow.person, OutboxRow.kind, OutboxRow.proposal_id,
    ProposalRow.title, OutboxRow.created_at, OutboxRow.tries, OutboxRow.given_up_at,
    OutboxRow.problem,
)  # fmt: skip
_OPEN = (OutboxRow.sent_at.is_(None), OutboxRow.given_up_at.is_(None))


def put(
    connection: Connection,
    channel: str,
    person: str,
    kind: str,
    about: tuple[str, str],
    detail: Mapping[str, Any],
) -> None:
    """Put a message in, unless it is there already.

    Args:
        connection: The open transaction.
        channel: The way it takes.
        person: Id of whom it is for; empty for the webhook.
        kind: What happened.
        about: Id of the proposal, and of what happened: with kind and person it is told once.
        detail: Ids, days and figures that the words are made of.
    """
    proposal, what = about
    at = now()
    insert_once(
        connection,
        OutboxRow,
        id=digest([channel, person, kind, proposal, what]),
        channel=channel,
        person=person,
        kind=kind,
        proposal_id=proposal,
        detail=canonical(dict(detail)),
        created_at=at,
        next_at=at,
        tries=0,
        problem="",
    )


def due(connection: Connection, at: datetime, limit: int) -> tuple[Waiting, ...]:
    """Return what may be sent now, what waits longest first."""
    query = select(*_WAITING).where(*_OPEN, OutboxRow.next_at <= at)
    rows = connection.execute(query.order_by(OutboxRow.next_at, OutboxRow.id).limit(limit))
    return tuple(Waiting(*row[:5], json.loads(row[5]), *row[6:]) for row in rows)


def take(connection: Connection, one: Waiting, until: datetime) -> bool:
    """Keep others from sending it for a while; tell whether nobody else was faster."""
    mine = (OutboxRow.id == one.id, OutboxRow.next_at == one.next_at, *_OPEN)
    values = {"next_at": until, "tries": one.tries + 1}
    return bool(connection.execute(update(OutboxRow).where(*mine).values(values)).rowcount)


def sent(connection: Connection, id: str) -> None:
    """Write down that it arrived."""
    values = {"sent_at": now(), "problem": ""}
    connection.execute(update(OutboxRow).where(OutboxRow.id == id).values(values))


def failed(connection: Connection, id: str, problem: str, again: datetime | None) -> None:
    """Write down why it did not arrive, and when to try again; never, if it is given up."""
    values = {"problem": problem} | ({"next_at": again} if again else {"given_up_at": now()})
    connection.execute(update(OutboxRow).where(OutboxRow.id == id).values(values))


def put_off(connection: Connection, channel: str, at: datetime, until: datetime) -> None:
    """Let what is due on a way that is closed wait, without being tried."""
    here = (OutboxRow.channel == channel, OutboxRow.next_at <= at, *_OPEN)
    connection.execute(update(OutboxRow).where(*here).values(next_at=until))


def troubles(connection: Connection, limit: int = 100) -> tuple[Failed, ...]:
    """Return what did not arrive so far, the newest first."""
    query = select(*_FAILED).join(ProposalRow, ProposalRow.id == OutboxRow.proposal_id)
    query = query.where(OutboxRow.sent_at.is_(None), OutboxRow.problem != "")
    rows = connection.execute(query.order_by(OutboxRow.created_at.desc()).limit(limit))
    return tuple(Failed(*row[:7], row[7] is not None, row[8]) for row in rows)


def waiting(connection: Connection) -> int:
    """Return how many messages are to be sent."""
    return int(connection.execute(select(func.count()).where(*_OPEN)).scalar_one())


def clear(connection: Connection, at: datetime) -> None:
    """Forget what was sent or given up long ago."""
    old = at - KEPT
    over = or_(OutboxRow.sent_at < old, OutboxRow.given_up_at < old)
    connection.execute(delete(OutboxRow).where(over))
