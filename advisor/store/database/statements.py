"""Small statements that both databases spell differently or that several modules share."""

from __future__ import annotations

import re
import secrets
import string
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from advisor.core.strict import digest
from advisor.errors import ConflictError, InputError, NotFoundError, Problem
from advisor.store.tables.proposals import TITLE_LIMIT, Base
from advisor.store.tables.review import ReviewKey

ID_LENGTH = 20
"""Letters of an id: 103 random bits, so that a link cannot be guessed."""
NAME_LIMIT = 200
_ODD = re.compile("[\x00\ud800-\udfff]")
_LETTERS = string.ascii_lowercase + string.digits


def insert_once(connection: Connection, table: type[Base], **values: Any) -> None:
    """Insert a row unless its key is taken.

    On PostgreSQL it waits for a transaction that is inserting the same key.
    """
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(table).values(**values).on_conflict_do_nothing())


def replace_rows(
    connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows; where the key of one is taken, it replaces the row that is there."""
    if not rows:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in inspect(table).primary_key]
    statement = make(table)
    given = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=given), [*map(dict, rows)]
    )


def alone(connection: Connection, table: type[Base]) -> None:
    """Make other writers of this table wait until the transaction ends; SQLite has only one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'LOCK TABLE "{table.__tablename__}" IN EXCLUSIVE MODE')


def new_id() -> str:
    """Return a random id that is safe in a URL and in a file name."""
    return "".join(secrets.choice(_LETTERS) for _ in range(ID_LENGTH))


def check_id(id: str) -> str:
    """Return `id` if it can be one.

    Raises:
        NotFoundError: with the words that an unknown id gets too.
    """
    if len(id) != ID_LENGTH or not set(id) <= set(_LETTERS):
        raise not_found()
    return id


def not_found(what: str = "proposal") -> NotFoundError:
    """Return the error for something that does not exist; it never repeats what was asked for."""
    return NotFoundError(f"There is no such {what}. Check the link.")


def other_write() -> ConflictError:
    """Return the error for a key that an earlier, different write took."""
    return ConflictError("This key was used for another change. Load the page again, then repeat.")


def is_plain(text: str) -> bool:
    """Tell whether both databases can hold `text`: no NUL byte, no half surrogate pair."""
    return _ODD.search(text) is None


def check_name(where: str, name: str) -> str:
    """Return an author or a key if it can be stored.

    Raises:
        InputError: it is empty, too long, or not plain text.
    """
    if not 1 <= len(name) <= NAME_LIMIT or not is_plain(name):
        what = f"is not plain text of 1 to {NAME_LIMIT} characters"
        raise InputError(Problem(where, what, "Sign in again, then repeat"))
    return name


def folded(text: str) -> str:
    """Return `text` as search and sorting see it: case and forms of a letter do not matter."""
    return unicodedata.normalize("NFKC", text.casefold())[:TITLE_LIMIT]


def now() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def claim(connection: Connection, actor: str, key: str, what: Any, result: str) -> str:
    """Write down what a write leads to; return `result`, or what it led to the first time.

    Call it before anything else is written: on PostgreSQL it waits for a writer with this key.

    Raises:
        InputError: the actor or the key cannot be stored.
        ConflictError: the key was used for something else.
    """
    check_name("actor", actor), check_name("key", key)
    asked = digest(what)
    insert_once(connection, ReviewKey, actor=actor, key=key, what=asked, result=result)
    query = select(ReviewKey.what, ReviewKey.result)
    mine = query.where(ReviewKey.actor == actor, ReviewKey.key == key)
    row = connection.execute(mine).one()
    if row.what != asked:
        raise other_write()
    return str(row.result)
