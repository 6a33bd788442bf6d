"""What a reader of failures is: the classifier, or something around one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from cachetools import LRUCache

from advisor.core.terminal import Tell
from advisor.domain.assessment import FailureReading
from advisor.proposal import Failure
from advisor.vocabulary import Mode


class FailureReader(Protocol):
    """Says what went wrong in failures; sessions may share it between threads."""

    @property
    def version(self) -> str:
        """In words, for people: as it ships, or what it learned since."""

    @property
    def fingerprint(self) -> str:
        """Stands for everything that its readings rest on."""

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order.

        Args:
            failures: those without an id are named by place, `f1`, `f2` …
            corrections: what a person said a failure is, by id; it wins over the reader.
        """


KEPT = 60_000
"""Readings kept, the ones used last; one takes about 1.5 KB."""
BATCH = 256
"""Failures read between two signs of progress: about half a second."""
Case = tuple[Failure, Mode | None]


class RememberingReader:
    """Remembers what was read, so that a screen never reads a failure twice; for all threads."""

    def __init__(self, reader: FailureReader) -> None:
        """Remember what `reader` reads."""
        self._reader = reader
        self.fingerprint = reader.fingerprint
        self.version = reader.version
        self._known: LRUCache[Case, FailureReading] = LRUCache(KEPT)
        self._lock = threading.Lock()

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; only what is new goes to the reader inside."""
        named = [
            failure if failure.id else failure.model_copy(update={"id": f"f{place}"})
            for place, failure in enumerate(failures, start=1)
        ]
        cases = _cases(named, corrections)
        readings = self._remembered(cases)
        new = [case for case in cases if case not in readings]
        for start in range(0, len(new), BATCH):
            readings |= self._read(new[start : start + BATCH])
        return tuple(readings[case] for case in cases)

    def progress(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> Iterator[int]:
        """Read what is new a batch at a time; yield how many are still to do, first all, last 0."""
        cases = _cases(failures, corrections)
        known = self._remembered(cases)
        new = [case for case in cases if case not in known]
        for start in range(0, len(new), BATCH):
            yield len(new) - start
            self._read(new[start : start + BATCH])
        yield 0

    def _remembered(self, cases: Sequence[Case]) -> dict[Case, FailureReading]:
        with self._lock:
            return {case: self._known[case] for case in cases if case in self._known}

    def _read(self, cases: Sequence[Case]) -> dict[Case, FailureReading]:
        said = {failure.id or "": mode for failure, mode in cases if mode}
        readings = self._reader.read([failure for failure, _ in cases], said)
        new = dict(zip(cases, readings, strict=True))
        with self._lock:
            self._known.update(new)
        return new


def _cases(failures: Sequence[Failure], corrections: Mapping[str, Mode] | None) -> list[Case]:
    said = corrections or {}
    return [(failure, said.get(failure.id or "")) for failure in failures]


class FollowedReader:
    """Tells how many failures it has read."""

    def __init__(self, reader: FailureReader, tell: Tell) -> None:
        """Read with `reader`, and `tell` after every batch."""
        self._reader = reader
        self._tell = tell
        self.fingerprint = reader.fingerprint
        self.version = reader.version

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; failures have ids."""
        return tuple(self.each(failures, corrections))

    def each(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> Iterator[FailureReading]:
        """Yield the readings as they come."""
        for start in range(0, len(failures), BATCH):
            batch = failures[start : start + BATCH]
            yield from self._reader.read(batch, corrections)
            self._tell(start + len(batch))
