"""Examples that stand for a log: the same ones however its rows are split, in constant memory.

A sample is the rows with the smallest hashes (bottom-k sampling: Cohen and Kaplan, 2007), so every
row has the same chance, and samples of two parts join to the sample of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

from advisor.domain.assessment import FailureReading
from advisor.logs.summary.summary_record import LogExample
from advisor.proposal import Failure

HEAD = 700
TAIL = 300
"""Characters kept of the beginning and of the end of a long text; the end tells if it broke off."""
GAP = " … "
BYTES = 10_000_000
"""Most that the sample may take in the file of a summary."""
ID_LIMIT = 200
TEXTS = ("input", "output", "expected", "note", "context")

Rank = tuple[int, int, int]
"""What orders examples, the hash of the texts (or of row and texts), and the row."""


class Ranked(NamedTuple):
    """An example and its place in the order."""

    rank: Rank
    text: str
    """The example as JSON: most are dropped again, and need not be read for that."""


class Smallest:
    """The examples with the smallest ranks; of several with one key, the first."""

    def __init__(self, limit: int, key: int) -> None:
        """Keep at most `limit`; place `key` of the rank is what must differ."""
        self._limit = limit
        self._key = key
        self._kept: dict[int, Ranked] = {}
        self._worst: Rank | None = None

    def wants(self, rank: Rank) -> bool:
        """Tell whether an example of this rank may still be kept."""
        return self._worst is None or rank < self._worst

    def add(self, items: Iterable[Ranked]) -> None:
        """Keep these unless better ones are there."""
        for item in items:
            if not self.wants(item.rank):
                continue
            key = item.rank[self._key]
            self._kept[key] = min(item, self._kept.get(key, item), key=_rank)
            if len(self._kept) >= 2 * self._limit:
                self._cut()

    def best(self) -> list[Ranked]:
        """Return what is kept, smallest rank first."""
        return sorted(self._kept.values(), key=_rank)[: self._limit]

    def _cut(self) -> None:
        best = self.best()
        self._kept = {item.rank[self._key]: item for item in best}
        self._worst = best[-1].rank


def _rank(item: Ranked) -> Rank:
    return item.rank


def hashed(*parts: object) -> int:
    """Return 60 bits that stand for `parts`, the same on every machine."""
    text = "\x00".join("" if part is None else str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()) >> 4


def texts_of(failure: Failure) -> tuple[str | None, ...]:
    """Return the texts of a failure, its id excluded."""
    return tuple(getattr(failure, name) for name in TEXTS)


def example_of(row: int, failure: Failure, reading: FailureReading) -> str:
    """Return a failure with long texts cut in the middle, and its reading, as JSON."""
    cut = {name: shortened(getattr(failure, name)) for name in TEXTS}
    cut["id"] = (failure.id or "").strip()[:ID_LIMIT] or None
    name = cut["id"] or f"row {row}"
    kept = reading.model_copy(update={"id": name, "why": reading.why[: HEAD + TAIL]})
    example = LogExample(row=row, failure=failure.model_copy(update=cut), reading=kept)
    return example.model_dump_json()


def shortened(text: str | None) -> str | None:
    """Return a text with its middle cut out if it is long."""
    if text is None or len(text) <= HEAD + TAIL + len(GAP):
        return text
    return f"{text[:HEAD]}{GAP}{text[-TAIL:]}"


def within(items: Sequence[Ranked]) -> list[LogExample]:
    """Return the first examples that together fit into a file of moderate size.

    Raises:
        ValidationError: a text is no example.
    """
    sizes = accumulate(len(item.text.encode()) for item in items)
    kept = (item.text for item, size in zip(items, sizes, strict=True) if size <= BYTES)
    return [LogExample.model_validate_json(text) for text in kept]


def named(examples: Iterable[LogExample]) -> tuple[LogExample, ...]:
    """Give every failure an id of its own: the one in the log, or its row where that fails."""
    given = list(examples)
    ids = [item.failure.id for item in given]
    once = {id for id in ids if id and ids.count(id) == 1}
    return tuple(_renamed(item, once) for item in given)


def _renamed(item: LogExample, once: set[str]) -> LogExample:
    id = item.failure.id
    name = id if id in once else f"row {item.row}"
    return item.model_copy(
        update={
            "failure": item.failure.model_copy(update={"id": name}),
            "reading": item.reading.model_copy(update={"id": name}),
        }
    )
