"""Read failures: what went wrong in each, how sure, and in plain words why."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

from advisor.core.strict import digest
from advisor.domain.assessment import AS_SHIPPED, FailureReading
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import ModeHead, shipped
from advisor.failures.head_inputs import evidence
from advisor.failures.probabilities import likeliest
from advisor.failures.why import stage_of, why
from advisor.models.encoder import Encoder, chosen
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode

BATCH = 512
"""Failures read at a time, so that thousands need no more memory than a few hundred."""


class Classifier:
    """The trained head with its encoder; sessions may share it between threads."""

    version: str = AS_SHIPPED
    """In words, for people: as it ships, or what it learned since."""

    def __init__(self, encoder: Encoder, head: ModeHead) -> None:
        """Join an encoder with a head that was trained for it."""
        self._encoder = encoder
        self._head = head
        self.fingerprint = digest([encoder.fingerprint, head.fingerprint])

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; a correction wins over the head."""
        return tuple(self._read(failures, corrections or {}))

    def _read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode]
    ) -> Iterator[FailureReading]:
        for start in range(0, len(failures), BATCH):
            batch = failures[start : start + BATCH]
            cases = [FailureCase.of(failure) for failure in batch]
            seen = evidence(cases, self._encoder)
            chances = self._head.probabilities(seen)
            for place, (failure, case) in enumerate(zip(batch, cases, strict=True)):
                name = failure.id or f"f{start + place + 1}"
                said = corrections.get(name)
                yield (
                    _corrected(name, case, said)
                    if said
                    else self._reading(name, case, seen.relations[place], chances[place])
                )

    def _reading(
        self, name: str, case: FailureCase, holds: Array, chances: Array
    ) -> FailureReading:
        read = likeliest(chances)
        return FailureReading(
            id=name,
            mode=read.mode,
            cause=read.cause,
            probabilities=read.shares,
            abstained=read.chance < self._head.threshold,
            why=why(case, holds, read.mode),
            stage=stage_of(case),
        )


def _corrected(name: str, case: FailureCase, mode: Mode) -> FailureReading:
    return FailureReading(
        id=name,
        mode=mode,
        cause=CAUSE_OF[mode],
        probabilities={each: float(each == mode) for each in MODES},
        abstained=False,
        why="A person said so.",
        corrected=True,
        stage=stage_of(case),
    )


_loading = threading.Lock()
_loaded: dict[str, Classifier] = {}


def load_classifier() -> Classifier:
    """Return the classifier of this process, loaded once for each encoder that is set.

    Raises:
        ModelError: the encoder or the trained head is missing or altered.
    """
    name = chosen()
    with _loading:
        if name not in _loaded:
            _loaded[name] = Classifier(*shipped(name))
        return _loaded[name]
