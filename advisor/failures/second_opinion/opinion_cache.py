"""Answers of judge models, kept in one file, so that none is paid for twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from advisor.core.disk_cache import KeptFile
from advisor.core.settings import settings
from advisor.core.strict import digest
from advisor.failures.second_opinion.prompt import PROMPT, ModeVerdict
from advisor.models.endpoint import ChatAnswer
from advisor.proposal import Failure

FILE = "second-opinions.sqlite3"
_TABLES = (
    """CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, verdict TEXT NOT NULL,
    tokens_in INTEGER, tokens_out INTEGER, seconds REAL NOT NULL, at TEXT NOT NULL)""",
)


@dataclass(frozen=True)
class OpinionCache:
    """The answers of one model to the present wording of the question."""

    file: KeptFile
    model: str

    def verdicts(self, failures: Sequence[Failure]) -> dict[str, ModeVerdict]:
        """Return what is kept about `failures`, by the key of a failure.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        names = {self._name(failure.key): failure.key for failure in failures}
        rows = self.file.rows("SELECT key, verdict FROM answer WHERE key IN ({keys})", names)
        return {names[name]: verdict for name, verdict in _readable(rows)}

    def tokens(self, failures: Sequence[Failure]) -> tuple[int, int]:
        """Return the tokens sent and answered for what is kept, as far as the service counted."""
        query = "SELECT tokens_in, tokens_out FROM answer WHERE key IN ({keys})"
        rows = self.file.rows(query, (self._name(failure.key) for failure in failures))
        return sum(row[0] or 0 for row in rows), sum(row[1] or 0 for row in rows)

    def seconds(self) -> float | None:
        """Return how long an answer takes on average; None before the first."""
        with self.file.reading() as file:
            if file is None:
                return None
            query = "SELECT avg(seconds) FROM answer WHERE model = ?"
            found: tuple[float | None] = file.execute(query, [self.model]).fetchone()
            return found[0]

    def keep(self, failure: Failure, verdict: ModeVerdict, answer: ChatAnswer) -> ModeVerdict:
        """Keep an answer and return the one that counts: the first is not replaced.

        Raises:
            StoreError: it cannot be written.
        """
        counts = (answer.tokens_in, answer.tokens_out, answer.seconds)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = (self._name(failure.key), self.model, verdict.model_dump_json(), *counts, at)
        with self.file.writing() as file:
            marks = ", ".join("?" * len(row))
            file.execute(f"INSERT INTO answer VALUES ({marks}) ON CONFLICT DO NOTHING", row)
        return self.verdicts([failure]).get(failure.key, verdict)

    def _name(self, key: str) -> str:
        return digest([self.model, PROMPT, key])


def _readable(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, ModeVerdict]]:
    """Yield what is kept; a row that is no verdict counts as missing."""
    for name, text in rows:
        try:
            yield name, ModeVerdict.model_validate_json(text)
        except ValidationError:
            continue


def kept_answers(model: str) -> OpinionCache:
    """Return the answers of `model` that the settings' folder holds."""
    file = KeptFile(settings().home / FILE, "the kept answers of the judge model", _TABLES)
    return OpinionCache(file, model)
