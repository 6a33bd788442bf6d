"""How much of a log is each mode, with an interval that holds what is not known.

The share of a mode is the mean of its calibrated probabilities p. Three things make it uncertain:

1. Sampling: other failures of the same system would give other probabilities, Var(p) / n.
2. Reading: a failure with p = 0.7 is of that mode or not; the number that are is Poisson-binomial
   (Le Cam, 1960), which adds mean(p (1 - p)) / n. Both together are, by the law of total variance,
   exactly P (1 - P) / n with P = mean(p), the binomial variance. The share of the system behind
   the log is held by the Wilson score interval at P (Wilson, 1927; Brown, Cai and DasGupta, 2001),
   the share of the log itself by the normal one; the outer ends of both hold both.
3. Failures of one day resemble each other. n is divided by the design effect (Kish, 1965): the
   variance that the days show over the binomial one, where there are at least five days.

More failures shrink all of these, but not a classifier that is off the same way for all of them.
So the interval grows on each side by 4 E P (1 - P): the log-odds may be off by as much as moves
0.5 by E, the calibration error that this project allows its classifier.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from advisor.logs.summary.summary_record import Share

Z = NormalDist().inv_cdf(0.975)
CALIBRATION_ERROR = 0.06
"""The most that probabilities of causes may be off; `make evaluate-failures` measures it."""
ENOUGH_DAYS = 5
"""Days from which their differences say something."""

Part = tuple[float, float]
"""Failures of one day (or month), and the sum of their probabilities."""


def share(
    total: float,
    count: float,
    days: Sequence[Part] = (),
    error: float = CALIBRATION_ERROR,
) -> Share:
    """Return the share of a mode with its 95 % interval.

    Args:
        total: Sum of its probabilities.
        count: Number of failures.
        days: The same by day, for those with a date.
        error: The calibration error to allow for; 0 leaves what is due to chance.
    """
    if not count:
        return Share(low=0.0, mid=0.0, high=1.0)
    middle = min(total / count, 1.0)
    low, high = chance_range(middle, count / design_effect(days))
    off = 4 * error * middle * (1 - middle)
    return Share(
        low=round(min(max(low - off, 0.0), middle), 6),
        mid=round(middle, 6),
        high=round(max(min(high + off, 1.0), middle), 6),
    )


def chance_range(share: float, count: float) -> tuple[float, float]:
    """Return the outer ends of the 95 % score interval and the 95 % normal interval."""
    low, high = wilson(share, count)
    half = Z * math.sqrt(share * (1 - share) / count)
    return min(low, share - half), max(high, share + half)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share of `count`."""
    centre = share + Z * Z / (2 * count)
    half = Z * math.sqrt(share * (1 - share) / count + (Z / (2 * count)) ** 2)
    below = 1 + Z * Z / count
    return (centre - half) / below, (centre + half) / below


def design_effect(days: Sequence[Part]) -> float:
    """Return how much more the days vary than independent failures would; at least 1."""
    count = sum(number for number, _ in days)
    if len(days) < ENOUGH_DAYS:
        return 1.0
    middle = sum(total for _, total in days) / count
    binomial = middle * (1 - middle) / count
    return max(1.0, clustered(days) / binomial) if binomial > 0 else 1.0


def clustered(days: Sequence[Part]) -> float:
    """Return the variance of the share with days as the units that were drawn (Cochran, 1977)."""
    count = sum(number for number, _ in days)
    middle = sum(total for _, total in days) / count
    squares = math.fsum((total - number * middle) ** 2 for number, total in days)
    return squares / count**2 * len(days) / (len(days) - 1)
