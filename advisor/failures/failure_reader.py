"""What a reader of failures is: the classifier, or something around one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

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
