"""The history of the tables, and how a database is brought to its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from advisor.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0009"
"""The newest revision; a test compares it with the files."""
_LOCK = 0x6164766973  # "advis": any number that nothing else in the database uses


def upgrade(connection: Connection) -> None:
    """Bring the tables to `HEAD` inside the open transaction; do nothing when they are there.

    On SQLite the transaction must hold the write lock already; PostgreSQL is locked here.

    Raises:
        StoreError: a newer advisor wrote this database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if revision(connection) == HEAD:
        return
    from alembic import command  # heavy: alembic
    from alembic.util import CommandError  # heavy: alembic

    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise StoreError(
            "A newer version of the advisor wrote this database. Update the advisor."
        ) from error


def revision(connection: Connection) -> str | None:
    """Return the revision a database is at, or none for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def configuration(connection: Connection) -> Config:
    """Return Alembic's settings for this folder and an open connection."""
    from alembic.config import Config  # heavy: alembic

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
