"""Two arms on a part of the cases: the mean difference with its interval, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from advisor.domain.cases import Case
from advisor.pilot.comparing.statistics.intervals import difference_intervals
from advisor.pilot.comparing.statistics.pairs import pair
from advisor.pilot.comparing.statistics.score_table import ScoreScale, ScoreTable
from advisor.pilot.comparing.statistics.score_words import ScoreWords

_SHARES = ScoreWords(ScoreScale(0.0, 1.0))
Scores = Mapping[str, float]
"""Score of each case, by id."""


class Gain(NamedTuple):
    """How much the second arm scores above the first."""

    n: int
    mean: float
    low: float
    """`low` and `high` are the 95 % interval."""
    high: float

    @property
    def words(self) -> str:
        """The gain as `+12 points (3 to 20 points better)`."""
        return f"{_SHARES.signed(self.mean)} points ({_SHARES.between(self.low, self.high)})"


def gain(
    one: Scores, two: Scores, cases: Sequence[Case], among: Collection[str] | None = None
) -> Gain | None:
    """Return the gain of `two` over `one` on the cases that both have; None without any.

    Args:
        one: scores of the first arm.
        two: scores of the second arm.
        cases: all test cases, with their groups.
        among: ids of the cases to look at; all of them if left out.
    """
    both = [
        case
        for case in cases
        if case.id in one and case.id in two and (among is None or case.id in among)
    ]
    if not both:
        return None
    grouped = any(case.group is not None for case in both)
    table = ScoreTable(
        cases=tuple(case.id for case in both),
        groups=tuple(case.group or f"case {case.id}" for case in both) if grouped else None,
        arms=("one", "two"),
        scores=np.array([(one[case.id], two[case.id]) for case in both]),
    )
    found = pair(table, "one", "two")
    if found is None:
        return None
    (interval,) = difference_intervals([found])
    return Gain(found.n, found.mean, *interval)
