"""Every arm and every comparison of a table, measured; corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.domain.comparison import ArmScore, Best, ComparisonOutcome, Contrast
from advisor.pilot.comparing.statistics.intervals import (
    Interval,
    difference_intervals,
    mean_interval,
)
from advisor.pilot.comparing.statistics.pairs import ScorePair, pairs, sample
from advisor.pilot.comparing.statistics.planning import (
    cases_to_agree,
    cases_to_differ,
    chance_to_differ,
)
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.pilot.comparing.statistics.significance import ALPHA, holm, p_value

_CASES = 10
"""Cases that all arms must share for a guess at luck."""


@dataclass(frozen=True)
class MeasuredComparison:
    """One comparison with what a verdict wants to know beyond the record."""

    contrast: Contrast
    groups: int | None
    """Groups behind it; None where none are given."""
    informative: int
    """Groups in which the arms differ; cases where none are given."""
    cases_to_agree: int | None
    """Cases that would show the arms to be within the margin."""


def arm_scores(table: ScoreTable) -> tuple[ArmScore, ...]:
    """Return the mean score of every arm with its interval, in the order of the table."""
    return tuple(_score(table, arm) for arm in table.arms)


def _score(table: ScoreTable, arm: str) -> ArmScore:
    scale = table.scale
    found = sample((table.column(arm) - scale.low) / scale.width, table.codes)
    if not found.n:
        return ArmScore(name=arm, score=None, low=None, high=None, n=0)
    low, high = (scale.low + end * scale.width for end in mean_interval(found))
    score = scale.low + found.mean * scale.width
    return ArmScore(name=arm, score=score, low=min(low, score), high=max(high, score), n=found.n)


def measured_comparisons(
    table: ScoreTable, primary: tuple[str, str] | None, margin: float, seed: int
) -> tuple[MeasuredComparison, ...]:
    """Compare every two arms; `margin` is in units of the score."""
    found = tuple(pairs(table, primary))
    p = [p_value(one, seed) for one in found]
    planned = 1 if found and (found[0].a, found[0].b) == primary else 0
    adjusted = p[:planned] + holm(p[planned:])
    rows = zip(found, difference_intervals(found), p, adjusted, strict=True)
    return tuple(_measured(table, *row, margin, seed) for row in rows)


def _measured(
    table: ScoreTable,
    pair: ScorePair,
    interval: Interval,
    p: float,
    adjusted: float,
    margin: float,
    seed: int,
) -> MeasuredComparison:
    width = table.scale.width
    outcome = _outcome(interval, adjusted, margin / width)
    # the level that this comparison alone had to reach, the others being what they are
    alpha = ALPHA * p / adjusted
    is_open = outcome is ComparisonOutcome.INCONCLUSIVE
    more = chance_to_differ(pair, pair.clusters, alpha, seed) if is_open else None
    contrast = Contrast(
        a=pair.a,
        b=pair.b,
        n=pair.n,
        difference=pair.mean * width,
        low=interval.low * width,
        high=interval.high * width,
        p=p,
        p_adjusted=adjusted,
        outcome=outcome,
        cases_needed=cases_to_differ(pair, alpha) if is_open else None,
        chance_that_doubling_settles=more,
    )
    groups = pair.clusters if table.groups else None
    return MeasuredComparison(
        contrast, groups, pair.informative, cases_to_agree(pair, margin / width)
    )


def _outcome(interval: Interval, p: float, margin: float) -> ComparisonOutcome:
    """Tell what is shown; a difference inside the margin does not matter, however sure it is."""
    if -margin < interval.low and interval.high < margin:
        return ComparisonOutcome.EQUIVALENT
    if p < ALPHA and interval.low > 0:
        return ComparisonOutcome.BETTER
    if p < ALPHA and interval.high < 0:
        return ComparisonOutcome.WORSE
    return ComparisonOutcome.INCONCLUSIVE


def comparison_between(
    found: Sequence[MeasuredComparison], one: str, two: str
) -> MeasuredComparison | None:
    """Return the comparison of two arms, whichever is a; None where they share no case."""
    return next((m for m in found if {m.contrast.a, m.contrast.b} == {one, two}), None)


def best_of(table: ScoreTable, scores: Sequence[ArmScore]) -> Best | None:
    """Return the arm with the highest score, the simplest of equal ones, and what to expect of it.

    The highest of several scores is high partly by luck. It is drawn towards the mean of all arms
    by the share of their spread that noise explains (empirical Bayes; Efron and Morris 1973).
    """
    order = table.simplest_first()
    ran = [one for one in scores if one.score is not None]
    if not ran:
        return None
    best = min(ran, key=lambda one: (-(one.score or 0.0), order.index(one.name)))
    score = float(best.score or 0.0)
    luck = _luck(table, [arm.name for arm in ran], best.name)
    return Best(arm=best.name, score=score, expected=score - luck)


def _luck(table: ScoreTable, arms: Sequence[str], best: str) -> float:
    columns = np.stack([table.column(arm) for arm in arms], axis=1)
    shared = ~np.isnan(columns).any(axis=1)
    columns, groups = columns[shared], table.codes[shared]
    if len(arms) < 2 or len(columns) < _CASES or len(set(groups.tolist())) < 2:
        return 0.0
    means = columns.mean(axis=0)
    ahead = float(means[arms.index(best)] - means.mean())
    spread = float(means.var(ddof=1))
    if spread <= 0 or ahead <= 0:
        return 0.0
    rest = columns - columns.mean(axis=1, keepdims=True) - (means - means.mean())
    sums = np.zeros((groups.max() + 1, len(arms)))
    np.add.at(sums, groups, rest)
    count = len(set(groups.tolist()))
    noise = float((sums**2).sum()) * count / (count - 1) / (len(arms) - 1) / len(columns) ** 2
    return ahead * min(1.0, noise / spread)
