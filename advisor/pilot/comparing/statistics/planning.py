"""How many cases would settle a comparison, and whether more of them are likely to."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.special import ndtri, stdtr

from advisor.pilot.comparing.statistics.intervals import LEVEL
from advisor.pilot.comparing.statistics.pairs import ScorePair
from advisor.pilot.comparing.statistics.score_table import Floats
from advisor.pilot.comparing.statistics.significance import enough, mcnemar

POWER = 0.8
MOST = 1_000_000
"""Cases beyond which nobody would go on."""
DRAWS = 1_000
_CELLS = 4_000_000
"""Numbers drawn at a time."""


def cases_to_differ(pair: ScorePair, alpha: float) -> int | None:
    """Return the cases that show the observed difference with 80 % power (Connor 1987).

    Graded scores enter by their variance, groups by how much they repeat each other.
    """
    squares = float((pair.values**2).mean())
    apart = max(0.0, squares - pair.mean**2)
    z = -float(ndtri(alpha / 2)), float(ndtri(POWER))
    size = abs(pair.mean)
    needed = z[0] * math.sqrt(squares) + z[1] * math.sqrt(apart)
    return _cases(needed, size, pair.design_effect)


def cases_to_agree(pair: ScorePair, margin: float) -> int | None:
    """Return the cases that show the arms to be within `margin`, a share of the scale.

    With 80 % power, if the observed difference is the true one.
    """
    spread = math.sqrt(max(0.0, float((pair.values**2).mean()) - pair.mean**2))
    z = float(ndtri(0.5 + LEVEL / 2)) + float(ndtri(POWER))
    return _cases(z * spread, margin - abs(pair.mean), pair.design_effect)


def _cases(spread: float, distance: float, repeated: float) -> int | None:
    if distance <= 1e-9 or (needed := (spread / distance) ** 2 * repeated) > MOST:
        return None
    return math.ceil(needed)


def chance_to_differ(pair: ScorePair, more: int, alpha: float, seed: int) -> float:
    """Return the chance that `more` groups (cases where none are given) show a difference.

    Posterior predictive: what is true is drawn from what the data leave open, the further cases
    from that. For 0/1 cases a Dirichlet with 1/2 in each of the four cells; otherwise the Bayesian
    bootstrap over groups (Rubin 1981) and a normal mean.
    """
    p = _counted(pair, more, seed) if pair.is_counted else _resampled(pair, more, seed)
    return float((p < alpha).mean())


def _counted(pair: ScorePair, more: int, seed: int) -> Floats:
    """Return p of each draw; the arm that is ahead comes first, so that a and b may swap."""
    rng = np.random.default_rng([seed, pair.n, more])
    ahead, behind = sorted((pair.gained, pair.lost), reverse=True)
    cells = np.array([ahead, behind, pair.n - ahead - behind], dtype=np.float64)
    truth = rng.dirichlet(cells + (0.5, 0.5, 1.0), DRAWS)
    counts: Floats = cells + rng.multinomial(more, truth)
    return mcnemar(counts[:, 1], counts[:, 0])


def _resampled(pair: ScorePair, more: int, seed: int) -> Floats:
    """Return p of each draw, of a t-test on groups; each group counts as large as the average."""
    seen = pair.clusters
    weights, noise = _drawn(enough(seen), seed)
    weights = weights[:, :seen]
    sums, sizes = pair.sums * (1 if pair.mean >= 0 else -1), pair.sizes
    moments = np.stack([sums, sizes, sums**2, sums * sizes, sizes**2], axis=1)
    s, k, ss, sk, kk = (weights @ moments).T
    true = s / k
    spread = np.maximum(0, ss - 2 * true * sk + true**2 * kk) * weights.sum(axis=1) / k**2
    ahead = abs(pair.mean)
    new = true + noise * np.sqrt(spread / more)
    mean = (seen * ahead + more * new) / (seen + more)
    old_spread = pair.variance * seen
    pooled = (seen * old_spread + more * spread) / (seen + more)
    pooled += seen * more * (new - ahead) ** 2 / (seen + more) ** 2
    error = np.sqrt(np.maximum(pooled / (seen + more), 1e-18))
    p: Floats = 2 * stdtr(seen + more - 1, -np.abs(mean) / error)
    return p


@lru_cache(maxsize=2)
def _drawn(groups: int, seed: int) -> tuple[Floats, Floats]:
    """Return weights of shape (draws, groups), Dirichlet but for their sum, and normal noise."""
    rng = np.random.default_rng([seed, groups])
    draws = max(100, min(DRAWS, _CELLS // groups))
    return rng.standard_exponential((draws, groups)), rng.standard_normal(draws)
