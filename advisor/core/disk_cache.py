"""Small files of answers that were had once: they may be copied, or deleted, at any time.

A file of its own, not a table of the store, so that triage needs no database for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.settings import settings
from advisor.errors import StoreError

WAIT_SECONDS = 20
_AT_ONCE = 500
"""Keys in one statement."""


@dataclass(frozen=True)
class DiskCache:
    """Answers by key in one SQLite file, whose only table its first writer makes."""

    file: str | Path
    """Its name in the settings' folder, or where else it lies."""
    what: str
    """What it holds, for messages: `the kept answers of the judge model`."""
    table: str
    columns: tuple[str, ...]
    """What stands beside the key, as SQL declares it: `score REAL NOT NULL`."""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return settings().home / self.file

    def get(self, keys: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """Return what is kept under `keys`, the columns in their order.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        wanted = list(dict.fromkeys(keys))
        known: dict[str, tuple[Any, ...]] = {}
        with self.reading() as file:
            if file is None:
                return known
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                query = f"{self._select} WHERE key IN ({_marks(len(part))})"
                known |= {key: tuple(row) for key, *row in file.execute(query, part)}
        return known

    def put(
        self,
        rows: Mapping[str, Sequence[Any]],
        first_counts: bool = False,
        most: int | None = None,
    ) -> None:
        """Keep what stands beside each key: all rows or none.

        Args:
            rows: the columns in their order, by key.
            first_counts: what is there already stays, in the place of being replaced.
            most: rows that the file may hold; the oldest make room.

        Raises:
            StoreError: it cannot be written.
        """
        verb = "INSERT OR IGNORE" if first_counts else "INSERT OR REPLACE"
        names = ", ".join(["key", *self._names])
        insert = f"{verb} INTO {self.table} ({names}) VALUES ({_marks(1 + len(self.columns))})"
        with self.writing() as file:
            file.executemany(insert, [(key, *row) for key, row in rows.items()])
            if most is not None:
                newest = f"SELECT max(rowid) FROM {self.table}"
                file.execute(f"DELETE FROM {self.table} WHERE rowid <= ({newest}) - ?", [most])

    @property
    def _names(self) -> list[str]:
        return [column.split(maxsplit=1)[0] for column in self.columns]

    @property
    def _select(self) -> str:
        return f"SELECT key, {', '.join(self._names)} FROM {self.table}"

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

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open it for one write, which is done whole or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        declared = ", ".join(["key TEXT PRIMARY KEY", *self.columns])
        with self._opened("rwc") as file, file:
            file.execute("BEGIN IMMEDIATE")  # a reader sees the table or none
            file.execute(f"CREATE TABLE IF NOT EXISTS {self.table} ({declared})")
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


def _marks(count: int) -> str:
    return ", ".join("?" * count)
