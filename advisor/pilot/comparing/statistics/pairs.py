"""Two arms on the cases that both ran, ready for every paired method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from advisor.pilot.comparing.statistics.score_table import Bools, Floats, Ints, ScoreTable


@dataclass(frozen=True, eq=False)
class Sample:
    """Numbers that were measured once a case, from groups that belong together."""

    values: Floats
    """Shape (cases,)."""
    groups: Ints
    """Shape (cases,); numbers from 0, every one of them in use."""

    @property
    def n(self) -> int:
        """How many cases there are."""
        return len(self.values)

    @cached_property
    def mean(self) -> float:
        """The mean over all cases."""
        return float(self.values.mean())

    @cached_property
    def sizes(self) -> Ints:
        """Cases in each group."""
        return np.bincount(self.groups)

    @cached_property
    def sums(self) -> Floats:
        """Sum of the values of each group."""
        sums: Floats = np.bincount(self.groups, self.values).astype(np.float64)
        return sums

    @property
    def clusters(self) -> int:
        """How many groups there are."""
        return len(self.sizes)

    @property
    def is_grouped(self) -> bool:
        """Whether any group has more than one case."""
        return self.clusters < self.n

    @cached_property
    def plain_variance(self) -> float:
        """Variance of the mean if cases were independent."""
        return max(0.0, float((self.values**2).mean()) - self.mean**2) / self.n

    @cached_property
    def variance(self) -> float:
        """Variance of the mean that respects groups (CR1; Liang and Zeger 1986).

        Never smaller than for independent cases: few groups put it below that by luck.
        """
        if not self.is_grouped or self.clusters < 2:
            return self.plain_variance
        rest = self.sums - self.sizes * self.mean
        robust = float((rest**2).sum()) * self.clusters / (self.clusters - 1) / self.n**2
        return max(robust, self.plain_variance)

    @property
    def design_effect(self) -> float:
        """How many grouped cases tell as much as one independent case."""
        return self.variance / self.plain_variance if self.plain_variance > 0 else 1.0


@dataclass(frozen=True, eq=False)
class ScorePair(Sample):
    """Score of b less score of a, as a share of the scale: from -1 to 1."""

    a: str
    b: str
    is_binary: bool
    """Whether every score is the lowest or the highest there is."""

    @cached_property
    def gained(self) -> float:
        """What b scored above a, summed over the cases where it did."""
        return float(self.values.clip(min=0).sum())

    @cached_property
    def lost(self) -> float:
        """What b scored below a, summed over the cases where it did."""
        return float((-self.values).clip(min=0).sum())

    @property
    def informative(self) -> int:
        """Groups in which the arms differ; where none are given, cases."""
        return int(np.count_nonzero(np.abs(self.sums) > 1e-12))

    @property
    def is_counted(self) -> bool:
        """Whether it is a matter of counting wins and losses of independent cases."""
        return self.is_binary and not self.is_grouped


def sample(values: Floats, codes: Ints) -> Sample:
    """Return what was measured: `values` without NaN, its groups numbered anew."""
    there = ~np.isnan(values)
    return Sample(values[there], _numbered(codes[there]))


def pair(table: ScoreTable, a: str, b: str, among: Bools | None = None) -> ScorePair | None:
    """Return two arms on the cases that both ran; None where there is no such case.

    Args:
        table: all scores.
        a: the one arm.
        b: the other.
        among: the cases to look at; all of them if left out.
    """
    one, two = table.column(a), table.column(b)
    both = ~np.isnan(one) & ~np.isnan(two)
    if among is not None:
        both &= among
    if not both.any():
        return None
    scale = table.scale
    ends = np.isin(np.concatenate([one[both], two[both]]), (scale.low, scale.high))
    differences = (two[both] - one[both]) / scale.width
    return ScorePair(differences, _numbered(table.codes[both]), a, b, bool(ends.all()))


def pairs(table: ScoreTable, primary: tuple[str, str] | None) -> Iterator[ScorePair]:
    """Yield every two arms, the simpler one as a, the primary pair first and as it was named."""
    first = [primary] if primary else []
    others = [
        two for two in combinations(table.simplest_first(), 2) if set(two) != set(primary or ())
    ]
    for a, b in [*first, *others]:
        if found := pair(table, a, b):
            yield found


def _numbered(codes: Ints) -> Ints:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
