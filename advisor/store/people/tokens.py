"""Statements about tokens of the HTTP API; each runs in the transaction of its caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from advisor.domain.lifecycle import Role
from advisor.store.database.statements import not_found, now
from advisor.store.tables.review import TokenRow

USED_EVERY = timedelta(minutes=1)
"""How often a use is written down at most: a pipeline that asks every second writes little."""


@dataclass(frozen=True)
class Token:
    """A token, without what opens the door."""

    id: str
    person: str
    role: Role
    given_by: str
    given_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None


_COLUMNS: tuple[Any, ...] = tuple(
    TokenRow.__table__.c[{"person": "person_id"}.get(name, name)]
    for name in Token.__dataclass_fields__
)


def add(connection: Connection, token: Token, digest: str) -> None:
    """Write a token as its hash."""
    values = {name: getattr(token, name) for name in Token.__dataclass_fields__}
    values["person_id"] = values.pop("person")
    connection.execute(insert(TokenRow).values(values | {"digest": digest}))


def with_digest(connection: Connection, digest: str) -> Token | None:
    """Return the token with this hash; none if there is none."""
    return _first(connection, TokenRow.digest == digest)


def find(connection: Connection, id: str) -> Token:
    """Return a token.

    Raises:
        NotFoundError: there is none.
    """
    found = _first(connection, TokenRow.id == id)
    if found is None:
        raise not_found("token")
    return found


def of(connection: Connection, person: str | None) -> tuple[Token, ...]:
    """Return the tokens of a person, or of everybody, the newest first."""
    query = select(*_COLUMNS).order_by(TokenRow.given_at.desc(), TokenRow.id)
    query = query if person is None else query.where(TokenRow.person_id == person)
    return tuple(map(_token, connection.execute(query)))


def _first(connection: Connection, wanted: Any) -> Token | None:
    row = connection.execute(select(*_COLUMNS).where(wanted)).first()
    return _token(row) if row else None


def _token(row: Any) -> Token:
    given = dict(zip(Token.__dataclass_fields__, row, strict=True))
    return Token(**given | {"role": Role(given["role"])})


def take(connection: Connection, id: str, by: str) -> None:
    """Take a token back; one that was taken stays as it was."""
    here = (TokenRow.id == id, TokenRow.taken_at.is_(None))
    connection.execute(update(TokenRow).where(*here).values(taken_by=by, taken_at=now()))


def used(connection: Connection, id: str) -> None:
    """Write down that a token was used now."""
    connection.execute(update(TokenRow).where(TokenRow.id == id).values(used_at=now()))
