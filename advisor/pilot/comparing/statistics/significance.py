"""Whether a paired difference could be luck."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln, ndtr

from advisor.pilot.comparing.statistics.pairs import ScorePair
from advisor.pilot.comparing.statistics.score_table import Bools, Floats

ALPHA = 0.05
FLIPS = 9_999
_ALL_FLIPS = 12
"""Groups up to which every combination of signs is tried."""
_MANY = 2_000
"""Groups from which on their sum is normal."""


def p_value(pair: ScorePair, seed: int) -> float:
    """Return the two-sided p of no difference: McNemar's for 0/1 cases, else by flipping signs."""
    if pair.is_counted:
        return float(mcnemar(np.array(pair.lost), np.array(pair.gained)))
    return sign_flip_p(pair.sums, seed)


def mcnemar(lost: Floats, gained: Floats) -> Floats:
    """Return McNemar's mid-p, one for each pair of counts (Fagerland, Lydersen, Laake 2013)."""
    n, fewer = lost + gained, np.minimum(lost, gained)
    exactly = np.exp(gammaln(n + 1) - gammaln(fewer + 1) - gammaln(n - fewer + 1) - n * np.log(2))
    at_most = betainc(np.maximum(n - fewer, 1), fewer + 1, 0.5)  # the binomial, summed up
    p: Floats = np.where(lost == gained, 1 - exactly / 2, 2 * at_most - exactly)
    return np.where(n == 0, 1.0, np.clip(p, 0, 1))


def sign_flip_p(sums: Floats, seed: int) -> float:
    """Return the share of ways to flip the signs of whole groups that move the sum as far.

    Valid when a and b are exchangeable within a group. Every way is tried for few groups, 9,999 at
    random for more.
    """
    moved = sums[np.abs(sums) > 1e-12]
    if not moved.size:
        return 1.0
    if len(sums) > _MANY:
        return float(2 * ndtr(-abs(moved.sum()) / np.sqrt((moved**2).sum())))
    if len(moved) <= _ALL_FLIPS:
        return float(_as_far(_all_signs(len(moved)) @ moved, moved).mean())
    signs = _signs(enough(len(sums)), seed)[: len(sums)]
    hits = _as_far(sums.astype(np.float32) @ signs, sums)
    return float((1 + hits.sum()) / (FLIPS + 1))


def _as_far(flipped: Floats | NDArray[np.float32], sums: Floats) -> Bools:
    slack = 1e-5 * np.abs(sums).sum()  # sums that tie must not differ by rounding
    far: Bools = np.abs(flipped) >= abs(sums.sum()) - slack
    return far


def enough(groups: int) -> int:
    """Return the power of two from `groups` on: what is drawn once serves pairs of many sizes."""
    return 1 << max(0, groups - 1).bit_length()


@lru_cache(maxsize=2)
def _signs(groups: int, seed: int) -> NDArray[np.float32]:
    """Return random signs, shape (groups, FLIPS); the same for every pair, so that they compare."""
    drawn = np.random.default_rng([seed, groups]).integers(0, 2, (groups, FLIPS), dtype=np.int8)
    return np.where(drawn, np.float32(1), np.float32(-1))


def _all_signs(groups: int) -> Floats:
    return np.array(list(product((1.0, -1.0), repeat=groups)))


def holm(p: Sequence[float]) -> list[float]:
    """Return p corrected for how many were tested (Holm 1979), in the same order."""
    adjusted, most = [0.0] * len(p), 0.0
    for done, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        most = max(most, (len(p) - done) * p[place])
        adjusted[place] = min(1.0, most)
    return adjusted
