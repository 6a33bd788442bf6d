"""Failures, kept once however many versions share them: packed, and named by their content."""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cachetools import LRUCache
from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from advisor.core.strict import canonical
from advisor.errors import InputError, Problem
from advisor.proposal import Failure
from advisor.store.database.statements import insert_once
from advisor.store.tables.proposals import FailureSet

LETTERS = 20_000_000
"""Characters of all failures of a proposal together: as many as one uploaded file can bring."""
CACHE_BYTES = 64_000_000
"""Bytes of failures kept in memory, as JSON; the objects made of them take a few times more."""
_FAILURES = TypeAdapter(tuple[Failure, ...])
_FAST = 3  # zlib: nearly the size of 6, in half the time


@dataclass(frozen=True)
class Failures:
    """One set of failures as canonical JSON."""

    text: bytes
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the set by its content."""
        object.__setattr__(self, "digest", hashlib.sha256(self.text).hexdigest())

    @cached_property
    def items(self) -> tuple[Failure, ...]:
        """The failures; records that never change, so sharing them is safe."""
        return _FAILURES.validate_json(self.text)

    @cached_property
    def packed(self) -> bytes:
        """The compressed text."""
        return zlib.compress(self.text, _FAST)


def failures_of(items: Sequence[Failure]) -> Failures:
    """Write failures as canonical JSON.

    Raises:
        InputError: their texts are longer than a proposal may hold.
    """
    if (letters := sum(len(text) for one in items for _, text in one if text)) > LETTERS:
        what = f"have {letters:,} characters together; the limit is {LETTERS:,}"
        mend = "Keep a sample, or read all of them with `advisor classify`"
        raise InputError(Problem("failures", what, mend))
    return Failures(canonical(_FAILURES.dump_python(tuple(items), mode="json")).encode())


class FailureSets:
    """Reads and writes sets of failures; the ones used last stay in memory. Thread-safe."""

    def __init__(self) -> None:
        """Start with an empty memory."""
        self._lock = threading.Lock()
        self._known: LRUCache[str, Failures] = LRUCache(CACHE_BYTES, lambda kept: len(kept.text))

    def read(self, connection: Connection, digest: str) -> Failures:
        """Return the set with this digest."""
        with self._lock:
            if digest in self._known:
                return self._known[digest]
        query = select(FailureSet.packed).where(FailureSet.digest == digest)
        found = Failures(zlib.decompress(connection.execute(query).scalar_one()))
        self._keep(found)
        return found

    def write(self, connection: Connection, failures: Failures) -> None:
        """Store a set unless it is there."""
        there = select(FailureSet.digest).where(FailureSet.digest == failures.digest)
        if connection.execute(there).first() is None:
            insert_once(
                connection,
                FailureSet,
                digest=failures.digest,
                count=len(failures.items),
                packed=failures.packed,
            )
        self._keep(failures)

    def _keep(self, failures: Failures) -> None:
        with self._lock:
            if failures.digest not in self._known and len(failures.text) <= self._known.maxsize:
                self._known[failures.digest] = failures
