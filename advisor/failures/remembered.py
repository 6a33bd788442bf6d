"""A classifier that remembers what it read, so that a screen never reads a failure twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

from advisor.core.progress import Tell
from advisor.domain.assessment import FailureReading
from advisor.failures.classifier import Classifier
from advisor.proposal import Failure
from advisor.vocabulary import Mode

KEPT = 60_000
"""Readings kept, the ones used last; one takes about 1.5 KB."""
BATCH = 256
"""Failures read between two signs of progress: about half a second."""
Case = tuple[Failure, Mode | None]


class Remembered(Classifier):
    """Reads as the classifier inside it does; sessions may share it between threads."""

    def __init__(self, classifier: Classifier) -> None:
        """Remember what `classifier` reads."""
        self._inner = classifier
        self.fingerprint = classifier.fingerprint
        self.version = classifier.version
        self._known: OrderedDict[Case, FailureReading] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; only what is new goes to the classifier."""
        named = [
            failure if failure.id else failure.model_copy(update={"id": f"f{place}"})
            for place, failure in enumerate(failures, start=1)
        ]
        cases = _cases(named, corrections)
        found = self._found(cases)
        new = [case for case in cases if case not in found]
        for start in range(0, len(new), BATCH):
            found |= self._classify(new[start : start + BATCH])
        return tuple(found[case] for case in cases)

    def progress(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> Iterator[int]:
        """Read what is new a batch at a time; yield how many are still to do, first all, last 0."""
        cases = _cases(failures, corrections)
        found = self._found(cases)
        new = [case for case in cases if case not in found]
        for start in range(0, len(new), BATCH):
            yield len(new) - start
            self._classify(new[start : start + BATCH])
        yield 0

    def _found(self, cases: Sequence[Case]) -> dict[Case, FailureReading]:
        with self._lock:
            return {case: self._known[case] for case in cases if case in self._known}

    def _classify(self, cases: Sequence[Case]) -> dict[Case, FailureReading]:
        said = {failure.id or "": mode for failure, mode in cases if mode}
        readings = self._inner.read([failure for failure, _ in cases], said)
        found = dict(zip(cases, readings, strict=True))
        with self._lock:
            self._known |= found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found


def _cases(failures: Sequence[Failure], corrections: Mapping[str, Mode] | None) -> list[Case]:
    said = corrections or {}
    return [(failure, said.get(failure.id or "")) for failure in failures]


STEP = 256
"""Failures read before the next sign of life."""


class Followed(Classifier):
    """A classifier that tells how many failures it has read."""

    def __init__(self, classifier: Classifier, tell: Tell) -> None:
        """Read with `classifier`, and `tell` after every step."""
        self._classifier = classifier
        self._tell = tell
        self.fingerprint = classifier.fingerprint
        self.version = classifier.version

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; failures have ids."""
        return tuple(self.each(failures, corrections))

    def each(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> Iterator[FailureReading]:
        """Yield the readings as they come."""
        for start in range(0, len(failures), STEP):
            step = failures[start : start + STEP]
            yield from self._classifier.read(step, corrections)
            self._tell(start + len(step))
