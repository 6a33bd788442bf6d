"""What a verdict is judged on: one arm seen against every other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor.domain.comparison import ArmScore, Best, ComparisonOutcome
from advisor.pilot.comparing.statistics.measuring import (
    MeasuredComparison,
    best_of,
    comparison_between,
)
from advisor.pilot.comparing.statistics.score_table import FEWEST_MOVED, ScoreTable, is_enough
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.pilot.comparing.statistics.significance import ALPHA
from advisor.presentation.arm_titles import arm_title, arm_words


@dataclass(frozen=True)
class ArmView:
    """The arm in question against one other; differences are its score less the other's."""

    other: str
    simpler: bool
    """Whether the other is simpler."""
    measured: MeasuredComparison
    sign: int
    margin: float
    p: float
    """What decides whether the arm in question is better."""

    @property
    def name(self) -> str:
        """What the other is called."""
        return arm_words(self.other)

    @property
    def title(self) -> str:
        """What the other is called where a sentence begins."""
        return arm_title(self.other)

    @property
    def n(self) -> int:
        """Cases that both ran."""
        return self.measured.contrast.n

    @property
    def difference(self) -> float:
        """How much better the arm in question is."""
        return self.sign * self.measured.contrast.difference

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return min(self.sign * end for end in self._ends)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return max(self.sign * end for end in self._ends)

    @property
    def _ends(self) -> tuple[float, float]:
        return self.measured.contrast.low, self.measured.contrast.high

    @property
    def unit(self) -> str:
        """What is counted as independent: cases, or groups where they are given."""
        return "case" if self.measured.groups is None else "group"

    @property
    def enough(self) -> bool:
        """Whether there are cases enough for a conclusion."""
        return is_enough(self.n, self.measured.groups)

    @property
    def moved(self) -> bool:
        """Whether the arms differ in cases enough to call one better."""
        return self.measured.informative >= FEWEST_MOVED

    @property
    def thin(self) -> bool:
        """Whether one looks surely better, on a handful of cases that all go the same way."""
        settled = self.measured.contrast.outcome in {
            ComparisonOutcome.BETTER,
            ComparisonOutcome.WORSE,
        }
        return self.enough and settled and not self.moved

    @property
    def better(self) -> bool:
        """Whether the arm in question is shown to be better."""
        return self.enough and self.moved and self.low > 0 and self.p < ALPHA

    @property
    def beaten(self) -> bool:
        """Whether the other is shown to be better, and not only inside the margin."""
        contrast = self.measured.contrast
        settled = contrast.outcome in {ComparisonOutcome.BETTER, ComparisonOutcome.WORSE}
        return self.enough and self.moved and settled and self.high < 0

    @property
    def not_worse(self) -> bool:
        """Whether the arm in question is shown to be worse by less than the margin, if at all."""
        return self.low > -self.margin

    @property
    def replaceable(self) -> bool:
        """Whether the other is simpler and shown to be worse by less than the margin, if at all."""
        return self.enough and self.simpler and self.high < self.margin


@dataclass(frozen=True, eq=False)
class VerdictCase:
    """Everything that the rule of the verdict looks at."""

    table: ScoreTable
    scores: tuple[ArmScore, ...]
    measured: tuple[MeasuredComparison, ...]
    arm: str
    """The arm in question."""
    against: tuple[str, ...]
    named: bool
    """Whether somebody named it; otherwise it was chosen on these very cases."""
    margin: float

    @property
    def name(self) -> str:
        """What the arm in question is called."""
        return arm_words(self.arm)

    @property
    def title(self) -> str:
        """What it is called where a sentence begins."""
        return arm_title(self.arm)

    @cached_property
    def best(self) -> Best | None:
        """The arm with the highest score."""
        return best_of(self.table, self.scores)

    @cached_property
    def views(self) -> tuple[ArmView, ...]:
        """The arm in question against every other that shares a case with it, simplest first."""
        found = (self._view(other) for other in self.table.simplest_first())
        return tuple(view for view in found if view)

    def _view(self, other: str) -> ArmView | None:
        measured = (
            comparison_between(self.measured, self.arm, other) if other in self.against else None
        )
        if measured is None:
            return None
        contrast, costs = measured.contrast, self.table.costs
        return ArmView(
            other=other,
            simpler=costs[other] < costs[self.arm],
            measured=measured,
            sign=1 if contrast.b == self.arm else -1,
            margin=self.margin,
            # better than *every* simpler arm needs no correction (intersection-union, Berger 1982)
            p=contrast.p if self.named else contrast.p_adjusted,
        )

    @property
    def telling(self) -> tuple[ArmView, ...]:
        """The views with cases enough."""
        return tuple(view for view in self.views if view.enough)

    @property
    def simpler(self) -> tuple[ArmView, ...]:
        """The views of simpler arms."""
        return tuple(view for view in self.views if view.simpler)

    @property
    def words(self) -> ScoreWords:
        """How figures are written."""
        return ScoreWords(self.table.scale)


def arm_to_choose(
    table: ScoreTable, measured: Sequence[MeasuredComparison], best: str, margin: float
) -> str:
    """Return the simplest arm that is not worse than any other by `margin`, else the best one."""
    for arm in table.simplest_first():
        against = [two for two in measured if arm in {two.contrast.a, two.contrast.b}]
        against = [two for two in against if is_enough(two.contrast.n, two.groups)]
        if against and all(_lowest(two, arm) > -margin for two in against):
            return arm
    return best


def _lowest(two: MeasuredComparison, arm: str) -> float:
    return two.contrast.low if two.contrast.b == arm else -two.contrast.high
