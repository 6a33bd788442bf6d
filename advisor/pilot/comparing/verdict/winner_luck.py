"""What the winner of several arms owes to luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.domain.comparison import ArmScore, Best
from advisor.pilot.comparing.statistics.score_table import ScoreTable

_CASES = 10
"""Cases that all arms must share for a guess at luck."""


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
    luck = _luck(table, [one.name for one in ran], best.name)
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
