"""Read failures: what went wrong in each, how sure, and in plain words why."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from advisor.core.strict import digest
from advisor.domain.assessment import AS_SHIPPED, FailureReading
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import ModeHead, shipped, summed
from advisor.failures.head_inputs import CaseEncoder
from advisor.failures.legible import illegible
from advisor.failures.probabilities import likeliest
from advisor.failures.settled_by import settled_by
from advisor.failures.stage import stage_of
from advisor.failures.why import Grounds, why
from advisor.models.encoder import chosen
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode

EVEN = np.ones(len(MODES))
"""What is said of a failure that cannot be read: nothing, all modes alike."""
BATCH = 512
"""Failures read at a time, so that thousands need no more memory than a few hundred."""


class Classifier:
    """The trained head with its encoder; sessions may share it between threads."""

    version: str = AS_SHIPPED
    """In words, for people: as it ships, or what it learned since."""

    def __init__(self, encoder: CaseEncoder, head: ModeHead) -> None:
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
            seen = self._encoder.evidence(cases)
            votes = self._head.votes(seen)
            chances = summed(votes)
            relations = seen.relations[..., None] * self._head.relation_weights
            for place, (failure, case) in enumerate(zip(batch, cases, strict=True)):
                name = failure.id or f"f{start + place + 1}"
                said = corrections.get(name)
                yield (
                    _corrected(name, case, said)
                    if said
                    else self._reading(
                        name,
                        case,
                        chances[place],
                        Grounds(
                            votes[:, place],
                            relations[place],
                            seen.record.without[place],
                            seen.record.logs[place],
                        ),
                    )
                )

    def _reading(
        self, name: str, case: FailureCase, chances: Array, grounds: Grounds
    ) -> FailureReading:
        hurdle = illegible(case, any_script=not self._encoder.is_default)
        read = likeliest(EVEN if hurdle else chances)
        unsure = read.chance < self._head.threshold
        doubt = settled_by(case, chances) if unsure else ""
        return FailureReading(
            id=name,
            mode=read.mode,
            cause=read.cause,
            probabilities=read.shares,
            abstained=unsure,
            why=hurdle or " ".join([why(case, grounds, read.mode), doubt]).strip(),
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
