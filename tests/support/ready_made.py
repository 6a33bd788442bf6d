"""Work that comes out the same in every test of a process, done for real once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import Connection, event

from advisor.store.migrations import revision

Upgrade = Callable[[Connection], None]


def hasty(prepare: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Prepare a connection to SQLite, and let no change wait for the disk.

    Nothing outlives the run, and a power cut is none that a test could make.
    """

    @wraps(prepare)
    def prepared(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    return prepared


class Heard:
    """Brings an empty database up to date with the statements that the first of its kind got.

    Alembic takes a quarter of a second to work them out, and half of all tests want a database.
    """

    def __init__(self, upgrade: Upgrade) -> None:
        """Listen to `upgrade` once for each kind of database."""
        self._upgrade = upgrade
        self._known: dict[str, list[tuple[str, Any]]] = {}

    def __call__(self, connection: Connection) -> None:
        """Do as the real one; a database that has tables already gets the real one."""
        kind = connection.dialect.name
        if revision(connection) is not None:
            self._upgrade(connection)
        elif kind in self._known:
            for statement, values in self._known[kind]:
                connection.exec_driver_sql(statement, values or None)
        else:
            self._known[kind] = self._listened(connection)

    def _listened(self, connection: Connection) -> list[tuple[str, Any]]:
        said: list[tuple[str, Any]] = []

        def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
            if "pg_advisory" in statement or not statement.startswith(("SELECT", "PRAGMA")):
                said.append((statement, values))

        event.listen(connection, "before_cursor_execute", hear)
        self._upgrade(connection)
        event.remove(connection, "before_cursor_execute", hear)
        return said
