"""Scores of several arms on the same cases, checked once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from advisor.domain.pilot_spec import ArmName
from advisor.errors import InputError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ARM_LIMIT = 40
CELL_LIMIT = 1_000_000
"""Cases times arms."""
_RANK = {str(arm): float(rank) for rank, arm in enumerate(ArmName)}
_SCALES = ((0.0, 1.0), (1.0, 5.0), (0.0, 5.0), (0.0, 10.0), (0.0, 100.0))


@dataclass(frozen=True)
class ScoreScale:
    """The lowest and the highest score that can be had."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """The largest difference between two scores."""
        return self.high - self.low

    @property
    def is_share(self) -> bool:
        """Whether scores run from 0 to 1, so that people speak of percent and points."""
        return (self.low, self.high) == _SCALES[0]


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """What every arm scored on every case; higher is better.

    Raises:
        InputError: names repeat, shapes do not fit, or a score is endless.
    """

    cases: tuple[str, ...]
    groups: tuple[str, ...] | None
    """What belongs together, one name a case: one customer, one document."""
    arms: tuple[str, ...]
    scores: Floats
    """Shape (cases, arms); NaN where an arm did not run a case."""
    costs: Mapping[str, float] = field(default_factory=dict)
    """How much each arm takes to build and keep, in any unit; simplest lowest. What is missing is
    filled in: known arms in the order of `ArmName`, another one after the column before it."""

    def __post_init__(self) -> None:
        """Check everything, and fill in the costs."""
        if problems := tuple(self._problems()):
            raise InputError(problems)
        object.__setattr__(self, "costs", default_costs(self.arms) | dict(self.costs))

    def _problems(self) -> Iterator[Problem]:
        if self.scores.shape != (len(self.cases), len(self.arms)):
            yield Problem("scores", "do not fit the cases and arms", "Give one score for each pair")
        elif np.isinf(self.scores).any():
            yield Problem("scores", "hold a number without end", "Give finite numbers")
        if self.groups is not None and len(self.groups) != len(self.cases):
            yield Problem("groups", "do not fit the cases", "Name one group for each case")
        yield from _repeated("case", self.cases)
        yield from _repeated("arm", self.arms)
        if len(self.arms) > ARM_LIMIT:
            what = f"are {len(self.arms)}; the limit is {ARM_LIMIT}"
            yield Problem("arms", what, "Leave out arms that nobody would choose")
        if self.scores.size > CELL_LIMIT:
            what = f"hold {self.scores.size:,} numbers; the limit is {CELL_LIMIT:,}"
            yield Problem("scores", what, "Keep a random sample of the cases")

    @cached_property
    def scale(self) -> ScoreScale:
        """The common scale that all scores fit into; what was seen where none does."""
        seen = self.scores[~np.isnan(self.scores)]
        if not seen.size:
            return ScoreScale(*_SCALES[0])
        low, high = float(seen.min()), float(seen.max())
        fits = (scale for scale in _SCALES if scale[0] <= low and high <= scale[1])
        found = next(fits, (low, high if high > low else low + 1))
        return ScoreScale(*found)

    @cached_property
    def codes(self) -> Ints:
        """The group of each case as a number from 0, each case its own where none are given."""
        if self.groups is None:
            return np.arange(len(self.cases))
        return np.unique(np.array(self.groups), return_inverse=True)[1].astype(np.int64)

    def guesses_cost(self, arm: str) -> bool:
        """Tell whether the cost of an arm is only taken from the place of its column."""
        return _known(arm) not in _RANK and self.costs[arm] == default_costs(self.arms)[arm]

    def in_order(self) -> Self:
        """Return the table sorted by case, so that the order of rows decides nothing."""
        order = sorted(range(len(self.cases)), key=self.cases.__getitem__)
        groups = self.groups and tuple(self.groups[place] for place in order)
        cases = tuple(self.cases[place] for place in order)
        return replace(self, cases=cases, groups=groups, scores=self.scores[order])

    def column(self, arm: str) -> Floats:
        """Return the scores of one arm, in the order of the cases."""
        scores: Floats = self.scores[:, self.arms.index(arm)]
        return scores

    def simplest_first(self) -> tuple[str, ...]:
        """Return the arms by cost; of equal ones the first column first."""
        return tuple(sorted(self.arms, key=self.costs.__getitem__))


def default_costs(arms: Sequence[str]) -> dict[str, float]:
    """Return a cost for each arm: its rank in `ArmName`, else just above the column before it."""
    costs: dict[str, float] = {}
    before = 0.0
    for arm in arms:
        before = costs[arm] = _RANK.get(_known(arm), before + 0.01)
    return costs


def _known(arm: str) -> str:
    return re.sub(r"[\s-]+", "_", arm.strip().lower())


def _repeated(what: str, names: Sequence[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f"{what} {name[:80]!r}", f"is there {count} times", "Keep one of them")


FEWEST_CASES = 30
FEWEST_GROUPS = 10
FEWEST_MOVED = 6
"""Cases or groups in which two arms must differ; five that agree reach p = 0.0625 exactly."""


def is_enough(cases: int, groups: int | None) -> bool:
    """Tell whether so many cases allow a conclusion; `groups` is None where none are given."""
    return cases >= FEWEST_CASES and (groups is None or groups >= FEWEST_GROUPS)
