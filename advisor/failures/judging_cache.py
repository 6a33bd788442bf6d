"""Answers of judge models, kept in one file, so that none is paid for twice.

A file of its own, not a table of the store: answers can be had again, so the file may be copied to
another machine or deleted at any time, and triage needs no database for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from advisor.errors import StoreError
from advisor.failures.judging_prompt import PROMPT, Verdict
from advisor.models.endpoint import Answer
from advisor.proposal import Failure, digest
from advisor.settings import settings

FILE = "second-opinions.sqlite3"
WAIT_SECONDS = 20
_AT_ONCE = 500
_TABLE = """CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, verdict TEXT NOT NULL,
    tokens_in INTEGER, tokens_out INTEGER, seconds REAL NOT NULL, at TEXT NOT NULL)"""


@dataclass(frozen=True)
class Kept:
    """The answers of one model to the present wording of the question."""

    path: Path
    model: str

    def verdicts(self, failures: Sequence[Failure]) -> dict[str, Verdict]:
        """Return what is kept about `failures`, by the key of a failure.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        if not self.path.exists():
            return {}
        names = {self._name(key): key for key in (failure.key for failure in failures)}
        with self._opened("ro") as file:
            return {names[name]: verdict for name, verdict in _found(file, list(names))}

    def tokens(self, failures: Sequence[Failure]) -> tuple[int, int]:
        """Return the tokens sent and answered for what is kept, as far as the service counted."""
        if not self.path.exists():
            return 0, 0
        names = {self._name(failure.key) for failure in failures}
        with self._opened("ro") as file:
            query = "SELECT key, tokens_in, tokens_out FROM answer WHERE model = ?"
            rows = [row for row in file.execute(query, [self.model]) if row[0] in names]
        return sum(row[1] or 0 for row in rows), sum(row[2] or 0 for row in rows)

    def seconds(self) -> float | None:
        """Return how long an answer takes on average; None before the first."""
        if not self.path.exists():
            return None
        with self._opened("ro") as file:
            query = "SELECT avg(seconds) FROM answer WHERE model = ?"
            found: tuple[float | None] = file.execute(query, [self.model]).fetchone()
            return found[0]

    def keep(self, failure: Failure, verdict: Verdict, answer: Answer) -> Verdict:
        """Keep an answer and return the one that counts: the first is not replaced.

        Raises:
            StoreError: it cannot be written.
        """
        name = self._name(failure.key)
        counts = (answer.tokens_in, answer.tokens_out, answer.seconds)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = (name, self.model, verdict.model_dump_json(), *counts, at)
        with self._opened("rwc") as file, file:
            file.execute(_TABLE)
            marks = ", ".join("?" * len(row))
            file.execute(f"INSERT INTO answer VALUES ({marks}) ON CONFLICT DO NOTHING", row)
            return dict(_found(file, [name])).get(name, verdict)

    def _name(self, key: str) -> str:
        return digest([self.model, PROMPT, key])

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
                f"{self.path.name}: the kept answers of the judge model cannot be used "
                f"({str(error)[:100]}). Free some space, or delete this file in ADVISOR_HOME"
            ) from None


def _found(file: sqlite3.Connection, names: Sequence[str]) -> Iterator[tuple[str, Verdict]]:
    """Yield what is kept; a row that is no verdict counts as missing."""
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        query = f"SELECT key, verdict FROM answer WHERE key IN ({marks})"
        for name, text in file.execute(query, part):
            try:
                yield name, Verdict.model_validate_json(text)
            except ValidationError:
                continue


def kept_answers(model: str) -> Kept:
    """Return the answers of `model` that the settings' folder holds."""
    return Kept(settings().home / FILE, model)
