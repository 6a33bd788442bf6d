"""Writes of the review that happen once, however often they are sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from advisor.core.strict import digest
from advisor.store.database.statements import check_name, insert_once, other_write
from advisor.store.tables.review import ReviewKey


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
