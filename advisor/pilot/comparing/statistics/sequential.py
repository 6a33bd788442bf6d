"""Looking while a pilot runs, and stopping early, without crying wolf.

A test that is repeated after every few cases finds a difference sooner or later where there is
none. A betting score does not (Waudby-Smith and Ramdas 2024): start with 1 and bet on
each difference. If there is no difference, it ever reaches 20 with a chance of at most 1 in 20,
however often one looks. Every look multiplies over all finished cases anew; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from advisor.domain.comparison import ComparisonOutcome
from advisor.pilot.comparing.statistics.pairs import ScorePair, pair
from advisor.pilot.comparing.statistics.planning import cases_to_agree, chance_to_differ
from advisor.pilot.comparing.statistics.score_table import Floats, ScoreTable, is_enough
from advisor.pilot.comparing.statistics.significance import ALPHA

HOPELESS = 0.05
"""Chance that the remaining cases show a difference, below which they may not be worth it."""
_BETS = np.cos((2 * np.arange(1, 101) - 1) * np.pi / 200)
"""Stakes from -1 to 1 spread by the arcsine law: for wins and losses the mean over them is the
Beta(1/2, 1/2) mixture, exactly so up to 199 of them."""


@dataclass(frozen=True)
class InterimLook:
    """What one planned comparison says so far."""

    a: str
    b: str
    n: int
    """Cases that both ran, in groups that both finished."""
    groups: int | None
    """Groups behind them; None where none are given."""
    evidence: float
    """Betting score against "no difference"; large is strong."""
    settled: ComparisonOutcome | None
    """What is shown for good, valid at every look; None while it is open."""
    hopeless: bool
    """Whether the remaining cases will hardly settle it."""

    @property
    def may_stop(self) -> bool:
        """Whether this comparison needs no further case."""
        enough = is_enough(self.n, self.groups)
        return enough and (self.settled is not None or self.hopeless)


def may_stop(
    table: ScoreTable,
    contrasts: Sequence[tuple[str, str]],
    margin: float,
    alpha: float = ALPHA,
    seed: int = 0,
) -> tuple[InterimLook, ...]:
    """Look at the planned comparisons of a running pilot.

    All false alarms together, over all looks and comparisons, stay below `alpha`. Cases must come
    in random order, group by group.

    Args:
        table: every planned case, NaN where an arm did not run one yet.
        contrasts: the planned comparisons (a, b), the same at every look.
        margin: smallest difference that matters, in units of the score.
        alpha: chance of any false alarm.
        seed: for the chance that remaining cases help.
    """
    level = alpha / max(1, len(contrasts))
    return tuple(_look(table, a, b, margin, level, seed) for a, b in contrasts)


def finished_arms(looks: Sequence[InterimLook]) -> frozenset[str]:
    """Return the arms whose every planned comparison may stop."""
    waiting = {arm for look in looks if not look.may_stop for arm in (look.a, look.b)}
    return frozenset(arm for look in looks for arm in (look.a, look.b)) - waiting


def _look(table: ScoreTable, a: str, b: str, margin: float, level: float, seed: int) -> InterimLook:
    open_groups = np.unique(table.codes[np.isnan(table.column(a)) | np.isnan(table.column(b))])
    # the mean of half a group is no fair bet: its cases resemble each other
    finished = ~np.isin(table.codes, open_groups)
    found = pair(table, a, b, finished)
    if found is None:
        return InterimLook(a=a, b=b, n=0, groups=None, evidence=1.0, settled=None, hopeless=False)
    means, share = found.sums / found.sizes, margin / table.scale.width
    evidence = betting_score(means, _BETS)
    settled = _settled(means, evidence, share, 1 / level)
    left = len(open_groups)
    groups = found.clusters if table.groups else None
    hopeless = settled is None and _is_hopeless(found, left, share, level, seed)
    return InterimLook(a, b, found.n, groups, evidence, settled, hopeless)


def betting_score(differences: Floats, stakes: Floats) -> float:
    """Return the betting score against "the mean is zero", averaged over stakes.

    Args:
        differences: one for each independent group; each stake times each lies above -1.
        stakes: what to bet; only positive ones bet against "the mean is zero or less".
    """
    logs = np.log1p(np.outer(stakes, differences)).sum(axis=1)
    return float(np.exp(min(700.0, float(logsumexp(logs)) - np.log(len(stakes)))))


def _settled(
    means: Floats, evidence: float, margin: float, enough: float
) -> ComparisonOutcome | None:
    """Tell what is shown; equivalence wants enough evidence against either edge of the margin."""
    if evidence >= enough:
        return ComparisonOutcome.BETTER if means.mean() > 0 else ComparisonOutcome.WORSE
    if margin >= 1:
        return ComparisonOutcome.EQUIVALENT
    stakes = _BETS[_BETS > 0] / (1 - margin)
    inside = all(betting_score(side * means + margin, stakes) >= enough for side in (1, -1))
    return ComparisonOutcome.EQUIVALENT if inside else None


def _is_hopeless(found: ScorePair, left: int, margin: float, level: float, seed: int) -> bool:
    """Tell whether what is left will show neither a difference nor that there is none."""
    if not left or chance_to_differ(found, left, level, seed) >= HOPELESS:
        return False
    needed = cases_to_agree(found, margin)
    return needed is None or needed > found.n * (found.clusters + left) / found.clusters
