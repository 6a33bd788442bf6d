"""Connections and transactions: SQLite (WAL) or PostgreSQL, brought up to date when opened."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from advisor.errors import InputError, Problem, StoreError
from advisor.store.migrations import upgrade

WAIT_SECONDS = 20
"""How long a write waits for another one."""
Transaction = Connection
"""An open transaction; outside the store it is handed on, and nobody needs to know what it is."""
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


def database_url(text: str) -> URL:
    """Check a database URL and choose the driver.

    Raises:
        InputError: without repeating the text, which may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise _not_a_database("is not a database URL") from None
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise _not_a_database(f"names {url.drivername[:40]!r}, which is not supported")
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise _not_a_database("names no file, so nothing would be kept")
    return url.set(drivername=driver)


def _not_a_database(what: str) -> InputError:
    mend = "Use sqlite:////folder/advisor.sqlite3 or postgresql://user:password@host/name"
    return InputError(Problem("ADVISOR_DATABASE_URL", what, mend))


class Database:
    """One database with its pool of connections; safe to share between threads."""

    def __init__(self, url: URL) -> None:
        """Connect, create what is missing and bring the tables up to date."""
        self.engine = _sqlite(url) if url.drivername.startswith("sqlite") else _postgres(url)
        self._writer = threading.Lock()
        try:
            with _plain_errors():
                _enter_wal(self.engine)
                with self.write() as connection:
                    upgrade(connection)
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and is rolled back.

        Raises:
            StoreError: the database cannot be reached.
        """
        with _plain_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; on SQLite it is the only one from its first statement.

        Raises:
            StoreError: the database cannot be reached, is full, or stayed busy too long.
        """
        with self._turn(), _plain_errors(), self.engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
                yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let writers of this process wait in line: SQLite has them poll, and some of many starve.

        Raises:
            StoreError: the others took too long.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self._writer.acquire(timeout=WAIT_SECONDS):
            raise StoreError("The database is busy with other changes. Try again.")
        try:
            yield
        finally:
            self._writer.release()

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:  # PRAGMAs go to the driver itself
        # Only the driver's own words: SQLAlchemy's text repeats the statement and its values.
        words = str(getattr(error, "orig", error) or type(error).__name__)
        reason = words.strip().partition("\n")[0][:200]
        raise StoreError(f"The database did not do this: {reason}. Try again.") from error


def _sqlite(url: URL) -> Engine:
    file = Path(str(url.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"Cannot write to the folder of the database: {error.strerror}.") from None
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS}, pool_timeout=WAIT_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # Python's own guesses about transactions off
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _enter_wal(engine: Engine) -> None:
    """Switch a SQLite file to WAL; this one statement does not wait for others by itself."""
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.Error as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise OperationalError("PRAGMA", None, error) from error
            time.sleep(0.05)
        finally:
            connection.close()


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=WAIT_SECONDS,
        connect_args={"connect_timeout": WAIT_SECONDS},
    )
