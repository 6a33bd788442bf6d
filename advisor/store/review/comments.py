"""Statements about comments and blind ratings; each runs in the transaction of its caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from advisor.store.database.statements import insert_once, now
from advisor.store.tables.review import CommentRow, RatingRow


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about a version."""

    id: str
    version: int
    actor: str
    text: str
    at: datetime


def comments(connection: Connection, proposal: str) -> tuple[Comment, ...]:
    """Return the comments on a proposal, the oldest first."""
    columns = (CommentRow.id, CommentRow.version, CommentRow.actor, CommentRow.text, CommentRow.at)
    query = select(*columns).where(CommentRow.proposal_id == proposal)
    rows = connection.execute(query.order_by(CommentRow.at, CommentRow.id))
    return tuple(Comment(*row) for row in rows)


def add_comment(
    connection: Connection, id: str, proposal: str, version: int, actor: str, text: str
) -> None:
    """Write a comment."""
    values = {"id": id, "proposal_id": proposal, "version": version, "actor": actor}
    connection.execute(insert(CommentRow).values(values | {"text": text, "at": now()}))


def add_rating(connection: Connection, pilot: str, case: str, person: str, preferred: str) -> str:
    """Write what a person preferred, unless they said so before; return what stands."""
    insert_once(
        connection, RatingRow, pilot_id=pilot, person=person, case_id=case,
        preferred=preferred, at=now(),
    )  # fmt: skip
    query = select(RatingRow.preferred).where(
        RatingRow.pilot_id == pilot, RatingRow.person == person, RatingRow.case_id == case
    )
    return str(connection.execute(query).scalar_one())


def ratings(connection: Connection, pilot: str) -> Mapping[tuple[str, str], str]:
    """Return what was preferred, by person and case."""
    columns = (RatingRow.person, RatingRow.case_id, RatingRow.preferred)
    query = select(*columns).where(RatingRow.pilot_id == pilot)
    rows = connection.execute(query.order_by(RatingRow.at, RatingRow.case_id))
    return {(person, case): preferred for person, case, preferred in rows}
