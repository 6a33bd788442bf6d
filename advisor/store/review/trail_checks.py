"""What must fit the trail: its triggers, saved versions, decisions, and the ends of approvals."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from advisor.domain.review import Decision, last_moment
from advisor.errors import StoreError
from advisor.store.database.sessions import Database
from advisor.store.review import decisions
from advisor.store.tables.proposals import FailureSet, VersionRow
from advisor.store.tables.review import DecisionRow, LeaseRow
from advisor.store.tables.trail import TrailRow
from advisor.store.versions.content import fingerprint_of

SAVED = "save_version"
"""The action of a row about a saved version."""
_REFUSED = "the audit trail takes new rows at its end and nothing else"  # what triggers say
_TOGETHER = 200
_LAST = "(SELECT max(seq) FROM trail)"
ATTEMPTS: Mapping[str, str] = {
    "changing a row": f"UPDATE trail SET actor = actor WHERE seq = {_LAST}",
    "deleting a row": f"DELETE FROM trail WHERE seq = {_LAST}",
    "putting in a row": "INSERT INTO trail (seq, at, actor, role, action, detail, prev, hash) "
    "SELECT coalesce(max(seq), 0) + 2, '', '', '', '', '', '', '' FROM trail",
}
"""What a trigger must refuse."""


class _NotRefused(Exception):
    """Takes back what an attempt did."""


def attempt(database: Database, statement: str) -> str | None:
    """Try what must be refused, and take it back.

    Returns:
        Nothing if the trigger refused it, or there was nothing to do it to; else what happened.
    """
    try:
        with database.write() as connection:
            if connection.exec_driver_sql(statement).rowcount:
                raise _NotRefused
        return None  # no row is there that could be changed
    except _NotRefused:
        return "is not refused: a trigger is missing"
    except StoreError as error:
        return None if _REFUSED in str(error) else f"could not be tried ({error})"


class StoredVersion(NamedTuple):
    """One version as it is stored, beside what its row says."""

    proposal: str
    version: int
    said: str | None
    """Hash by the row; none where there is no row."""
    found: str
    """Hash of what is stored now; empty where it cannot be read."""
    late: bool
    """Whether it was saved when there was a trail already."""


def saved(connection: Connection) -> Iterator[StoredVersion]:
    """Yield every stored version; one is in memory at a time, and each set of failures once."""
    beside = and_(
        TrailRow.proposal == VersionRow.proposal_id,
        TrailRow.version == VersionRow.version,
        TrailRow.action == SAVED,
    )
    late = VersionRow.at >= _beginning(connection)
    columns = (VersionRow.proposal_id, VersionRow.version, TrailRow.content, late)
    query = select(*columns, VersionRow.content, VersionRow.failures).outerjoin(TrailRow, beside)
    order = (VersionRow.failures, VersionRow.proposal_id, VersionRow.version)
    known: str | None = None
    failures: bytes | None = b""
    options = {"yield_per": _TOGETHER}
    for proposal, version, said, late_, text, digest in connection.execute(
        query.order_by(*order), execution_options=options
    ):
        if digest != known:
            known, failures = digest, _failures(connection, digest)
        yield StoredVersion(proposal, version, said, _fingerprint(text, failures), bool(late_))


def _beginning(connection: Connection) -> datetime:
    """Return when the first row was written."""
    first = connection.execute(select(TrailRow.at).where(TrailRow.seq == 1)).scalar()
    return datetime.fromisoformat(first) if first else datetime.max.replace(tzinfo=UTC)


def _failures(connection: Connection, digest: str) -> bytes | None:
    packed = select(FailureSet.packed).where(FailureSet.digest == digest)
    try:
        text = zlib.decompress(connection.execute(packed).scalar_one())
    except (zlib.error, TypeError):
        return None
    return text if hashlib.sha256(text).hexdigest() == digest else None


def _fingerprint(text: Any, failures: bytes | None) -> str:
    try:
        return "" if failures is None else fingerprint_of(text, failures)
    except (ValueError, TypeError, RecursionError):
        return ""


def lost(connection: Connection) -> list[tuple[str, int]]:
    """Return versions that have a row and are not stored any more."""
    beside = and_(
        VersionRow.proposal_id == TrailRow.proposal, VersionRow.version == TrailRow.version
    )
    query = select(TrailRow.proposal, TrailRow.version).outerjoin(VersionRow, beside)
    gone = query.where(TrailRow.action == SAVED, VersionRow.version.is_(None))
    rows = connection.execute(gone.order_by(TrailRow.seq))
    return [(str(id), version or 0) for id, version in rows]


def stored_decisions(connection: Connection) -> Iterator[tuple[str, Decision | None]]:
    """Yield the id of every stored decision, and the decision; none where it cannot be read."""
    ids = list(connection.execute(select(DecisionRow.id).order_by(DecisionRow.id)).scalars())
    for start in range(0, len(ids), _TOGETHER):
        part = ids[start : start + _TOGETHER]
        try:
            found = {one.id: one for one in decisions.with_ids(connection, part)}
        except (ValueError, TypeError):
            found = dict(_one_by_one(connection, part))
        yield from ((id, found.get(id)) for id in part)


def _one_by_one(connection: Connection, ids: list[str]) -> Iterator[tuple[str, Decision]]:
    for id in ids:
        try:
            yield id, decisions.find(connection, id)
        except (ValueError, TypeError):
            continue


def last_days(connection: Connection) -> dict[str, date | None]:
    """Return the last day of every approval by its decision; none where it cannot be read."""
    ids = connection.execute(select(LeaseRow.decision_id)).scalars().all()
    return {id: _last_day(connection, id) for id in ids}


def _last_day(connection: Connection, id: str) -> date | None:
    query = select(LeaseRow.expires_at).where(LeaseRow.decision_id == id)
    try:
        return last_moment(connection.execute(query).scalar_one()).date()
    except (ValueError, TypeError):
        return None
