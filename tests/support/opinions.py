"""Readings that a second opinion joins."""

from __future__ import annotations

from advisor.domain.assessment import FailureReading
from advisor.vocabulary import CAUSE_OF, Mode


def reading(id: str = "f0", top: Mode = Mode.FORMAT, chance: float = 0.4) -> FailureReading:
    rest = (1 - chance) / 11
    return FailureReading(
        id=id,
        mode=top,
        cause=CAUSE_OF[top],
        probabilities={mode: chance if mode is top else rest for mode in Mode},
        abstained=True,
        why="It looks so.",
    )
