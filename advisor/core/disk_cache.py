"""Small files of answers that were had once: they may be copied, or deleted, at any time.

A file of its own, not a table of the store, so that triage needs no database for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.errors import StoreError

WAIT_SECONDS = 20
_AT_ONCE = 500
"""Keys in one statement."""


@dataclass(frozen=True)
class KeptFile:
    """One SQLite file with the tables that its first writer makes."""

    path: Path
    what: str
    """What it holds, for messages: `the kept answers of the judge model`."""
    tables: tuple[str, ...]
    """`CREATE TABLE IF NOT EXISTS …`."""

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """Open it for reading; None while there is none, or its first writer has just begun.

        Raises:
            StoreError: it is damaged or cannot be read.
        """
        if not self.path.exists():
            yield None
            return
        with self._opened("ro") as file:
            begun: tuple[int] = file.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield file if begun[0] else None

    def rows(self, query: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
        """Return what `query` finds, with each of `keys` once where it says `{keys}`.

        Raises:
            StoreError: it is damaged or cannot be read.
        """
        wanted = list(dict.fromkeys(keys))
        found: list[tuple[Any, ...]] = []
        with self.reading() as file:
            if file is None:
                return found
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                found += file.execute(query.format(keys=", ".join("?" * len(part))), part)
        return found

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open it for one write, which is done whole or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        with self._opened("rwc") as file, file:
            file.execute("BEGIN IMMEDIATE")  # a reader sees all of the tables or none
            for table in self.tables:
                file.execute(table)
            yield file

    @contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            if mode != "ro":
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.path.touch(mode=0o600)
            address = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, WAIT_SECONDS, uri=True)) as file:
                yield file
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{self.path.name}: {self.what} cannot be used ({str(error)[:100]}). "
                "Free some space, or delete this file in ADVISOR_HOME"
            ) from None
