"""Reading many failures, and telling how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advisor.core.progress import Tell
from advisor.domain.assessment import FailureReading
from advisor.failures.classifier import Classifier
from advisor.proposal import Failure
from advisor.vocabulary import Mode

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
