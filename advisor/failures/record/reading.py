"""What a reader of whole failures makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.failures.record.tokens import KINDS

HIDDEN = 256
"""Values that the tuned encoder sums a failure up in."""


@dataclass(frozen=True)
class RecordReading:
    """What the tuned encoder makes of n failures."""

    logs: Array
    """Log probabilities, shape (n, modes)."""
    hidden: NDArray[np.float32]
    """What they are made from, each between -1 and 1, shape (n, hidden)."""
    without: Array
    """Log probability of each mode when one part's mean is blanked, (n, parts, modes)."""

    @classmethod
    def none(cls, size: int) -> RecordReading:
        """Return what is known where nothing reads whole failures: all modes alike."""
        even = np.full((size, len(MODES)), -np.log(len(MODES)))
        without = np.repeat(even[:, None], KINDS - 1, axis=1)
        return cls(even, np.zeros((size, HIDDEN), np.float32), without)

    def where(self, mask: NDArray[np.bool_]) -> RecordReading:
        """Return the part that `mask` picks."""
        return RecordReading(self.logs[mask], self.hidden[mask], self.without[mask])


class RecordReader(Protocol):
    """Reads whole failures."""

    fingerprint: str

    def read(self, cases: Sequence[FailureCase], /) -> RecordReading:
        """Return what it makes of each, in order."""
