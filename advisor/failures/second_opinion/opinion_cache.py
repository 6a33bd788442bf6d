"""Answers of judge models, kept in one file, so that none is paid for twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from advisor.core.disk_cache import DiskCache
from advisor.core.strict import digest
from advisor.failures.second_opinion.prompt import PROMPT, ModeVerdict
from advisor.models.endpoint import ChatAnswer
from advisor.proposal import Failure

FILE = "second-opinions.sqlite3"
_CACHE = DiskCache(
    FILE,
    "the kept answers of the judge model",
    "answer",
    (
        "model TEXT NOT NULL",
        "verdict TEXT NOT NULL",
        "tokens_in INTEGER",
        "tokens_out INTEGER",
        "seconds REAL NOT NULL",
        "at TEXT NOT NULL",
    ),
)


@dataclass(frozen=True)
class OpinionCache:
    """The answers of one model to the present wording of the question."""

    model: str

    def verdicts(self, failures: Sequence[Failure]) -> dict[str, ModeVerdict]:
        """Return what is kept about `failures`, by the key of a failure.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        names = {self._name(failure.key): failure.key for failure in failures}
        rows = _CACHE.get(names)
        return dict(_readable((names[name], row[1]) for name, row in rows.items()))

    def tokens(self, failures: Sequence[Failure]) -> tuple[int, int]:
        """Return the tokens sent and answered for what is kept, as far as the service counted."""
        rows = _CACHE.get(self._name(failure.key) for failure in failures).values()
        return sum(row[2] or 0 for row in rows), sum(row[3] or 0 for row in rows)

    def seconds(self) -> float | None:
        """Return how long an answer takes on average; None before the first."""
        with _CACHE.reading() as file:
            if file is None:
                return None
            query = "SELECT avg(seconds) FROM answer WHERE model = ?"
            mean: tuple[float | None] = file.execute(query, [self.model]).fetchone()
            return mean[0]

    def keep(self, failure: Failure, verdict: ModeVerdict, answer: ChatAnswer) -> ModeVerdict:
        """Keep an answer and return the one that counts: the first is not replaced.

        Raises:
            StoreError: it cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        counts = (answer.tokens_in, answer.tokens_out, answer.seconds)
        row = (self.model, verdict.model_dump_json(), *counts, at)
        _CACHE.put({self._name(failure.key): row}, first_counts=True)
        return self.verdicts([failure]).get(failure.key, verdict)

    def _name(self, key: str) -> str:
        return digest([self.model, PROMPT, key])


def _readable(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ModeVerdict]]:
    """Yield what is kept; a row that is no verdict counts as missing."""
    for key, text in rows:
        try:
            yield key, ModeVerdict.model_validate_json(text)
        except ValidationError:
            continue
