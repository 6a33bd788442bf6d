"""Read failures: what went wrong in each, how sure, and in plain words why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from advisor.assessment import FailureReading
from advisor.failures.prototypes import DESCRIPTIONS
from advisor.models.encoder import Encoder, load_encoder
from advisor.proposal import Failure, digest
from advisor.vocabulary import CAUSE_OF, Mode

MODES = tuple(Mode)


class Classifier:
    """The trained head with its encoder; safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._descriptions = encoder.encode([text for mode in MODES for text in DESCRIPTIONS[mode]])
        self.fingerprint = digest(["descriptions", encoder.fingerprint])

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] = {}
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; a correction wins over the classifier."""
        if not failures:
            return ()
        texts = [f.note or f.output or f.expected or "" for f in failures]
        rows = self._encoder.encode(texts)
        close = (rows @ self._descriptions.T).reshape(len(texts), len(MODES), -1).max(2)
        odds = np.exp(close * 12)
        return tuple(
            _reading(failure, place, p / p.sum(), corrections)
            for place, (failure, p) in enumerate(zip(failures, odds, strict=True), start=1)
        )


def _reading(
    failure: Failure, place: int, p: NDArray[np.float32], corrections: Mapping[str, Mode]
) -> FailureReading:
    name = failure.id or f"f{place}"
    corrected = corrections.get(name)
    if corrected:
        shares = {mode: float(mode == corrected) for mode in MODES}
    else:
        whole = np.round(p.astype(float), 4)
        whole[whole.argmax()] += 1 - whole.sum()
        shares = {mode: round(float(one), 4) for mode, one in zip(MODES, whole, strict=True)}
    top = max(shares, key=shares.__getitem__)
    return FailureReading(
        id=name,
        mode=top,
        cause=CAUSE_OF[top],
        probabilities=shares,
        abstained=not corrected and shares[top] < 0.4,
        corrected=bool(corrected),
        why="A person said so." if corrected else "",
    )


@cache
def load_classifier() -> Classifier:
    """Return the classifier of this process.

    Raises:
        ModelError: the encoder or the trained head is missing or altered.
    """
    return Classifier(load_encoder())
