"""The audit trail in the database: written in the same transaction as what it records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from advisor.domain.trail import (
    LARGEST,
    START,
    Event,
    TrailEntry,
    TrailHead,
    Unreadable,
    follow,
    row_of,
    stamp,
)
from advisor.store.database.sessions import Database
from advisor.store.database.statements import alone, is_plain, now
from advisor.store.tables.trail import TrailRow

__all__ = ["Event", "TrailEntry", "Trail", "append"]

_TOGETHER = 1_000
"""Rows read at once."""
_LAST = select(TrailRow.seq, TrailRow.hash).order_by(TrailRow.seq.desc()).limit(1)
_INSERT = insert(TrailRow)
_COLUMNS: tuple[Any, ...] = tuple(TrailRow.__table__.c[name] for name in TrailEntry.model_fields)


def append(connection: Connection, event: Event) -> TrailEntry:
    """Record an event in the open transaction of `Database.write`: both happen, or neither.

    Call it last in the transaction: until the end of it other writers of the trail wait.

    Raises:
        InputError: the event holds what the trail does not take.
    """
    alone(connection, TrailRow)
    row = follow(_head(connection), event, now())
    connection.execute(_INSERT, dict(row))
    return row


def about(
    connection: Connection, proposal: str, hold: bool = False
) -> tuple[TrailEntry | Unreadable, ...]:
    """Return every row about a proposal, the oldest first; with `hold` nobody adds one now."""
    if hold:
        alone(connection, TrailRow)
    query = select(*_COLUMNS).where(TrailRow.proposal == proposal).order_by(TrailRow.seq)
    return tuple(map(_row, connection.execute(query)))


def rules_of_last(connection: Connection, action: str) -> str | None:
    """Return the rules that the last row of an action names; nobody adds a row meanwhile."""
    alone(connection, TrailRow)
    query = select(TrailRow.rules).where(TrailRow.action == action).order_by(TrailRow.seq.desc())
    return connection.execute(query.limit(1)).scalar()


@contextmanager
def rows_in(
    connection: Connection, last: int = LARGEST
) -> Iterator[Iterator[TrailEntry | Unreadable]]:
    """Give all rows up to number `last` in order, a part of them in memory at a time."""
    query = select(*_COLUMNS).where(TrailRow.seq <= last).order_by(TrailRow.seq)
    with connection.execute(query, execution_options={"yield_per": _TOGETHER}) as found:
        yield map(_row, found)


def _head(connection: Connection) -> TrailHead:
    row = connection.execute(_LAST).first()
    return TrailHead(*row) if row else START


@dataclass(frozen=True)
class TrailQuery:
    """Which rows to show: all that fit every condition given, the newest ones."""

    proposal: str | None = None
    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    limit: int = 50
    until: datetime | None = None
    """The moment before which it happened."""
    before: int | None = None
    """The row before which it stands: where the part shown before this one ended."""

    def conditions(self) -> list[ColumnElement[bool]] | None:
        """Return the conditions; none when no row can fulfil them."""
        exact = {
            TrailRow.proposal: self.proposal,
            TrailRow.actor: self.actor,
            TrailRow.action: self.action,
        }
        given = {column: value for column, value in exact.items() if value is not None}
        if not all(map(is_plain, given.values())):
            return None
        wanted = [column == value for column, value in given.items()]
        wanted += [TrailRow.at >= stamp(self.since)] if self.since else []
        wanted += [TrailRow.at < stamp(self.until)] if self.until else []
        return wanted + ([TrailRow.seq < self.before] if self.before is not None else [])


class Trail:
    """The trail of one database. Thread-safe.

    Every method raises `StoreError` when the database fails.
    """

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    def record(self, event: Event) -> TrailEntry:
        """Record what changes nothing else, such as a look or a refusal.

        Raises:
            InputError: the event holds what the trail does not take.
        """
        with self._database.write() as connection:
            return append(connection, event)

    def head(self) -> TrailHead:
        """Return the last row's number and hash."""
        with self._database.read() as connection:
            return _head(connection)

    @contextmanager
    def rows(self, last: int = LARGEST) -> Iterator[Iterator[TrailEntry | Unreadable]]:
        """Give all rows up to number `last` in order, a part of them in memory at a time."""
        with self.reading() as connection, rows_in(connection, last) as found:
            yield found

    def newest(self, wanted: TrailQuery) -> tuple[TrailEntry | Unreadable, ...]:
        """Return the rows that are wanted, the newest first."""
        conditions = wanted.conditions()
        if conditions is None:
            return ()
        query = select(*_COLUMNS).where(*conditions).order_by(TrailRow.seq.desc())
        with self.reading() as connection:
            return tuple(map(_row, connection.execute(query.limit(wanted.limit))))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read as of one moment, and texts as their bytes: those of a tampered row may be no text.

        Other tables fit what the trail says then.
        """
        with self._database.read() as connection:
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                yield connection
                return
            driver: Any = connection.connection.driver_connection
            driver.text_factory = _as_it_is
            try:
                yield connection
            finally:
                driver.text_factory = str


def _row(values: Iterable[Any]) -> TrailEntry | Unreadable:
    return row_of(dict(zip(TrailEntry.model_fields, values, strict=True)))


def _as_it_is(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")
