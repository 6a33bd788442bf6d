"""The decision: what each set of remedies is expected to fix, less what it costs.

A set of remedies fixes a failure of mode m unless each of them misses it: 1 - prod(1 - fix[r, m]).
Its value is the share of failures fixed over the mix of modes, less its overhead.
The simplest set within `ENOUGH` of the best value wins. Confidence is the share of draws in which
it wins; a draw varies the mix (Dirichlet) and the remedy figures (logit-normal around `mid`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.rules.schema.rule_schema import RemedyCard
from advisor.triage.evidence import MODES, REMEDIES, Array
from advisor.vocabulary import COMBINATIONS, Remedy

ENOUGH = 0.01
"""A more complex set must fix this share of failures more, beyond its overhead, to be preferred."""
EACH_FURTHER = 0.18
"""Overhead of each remedy after the first: one more thing to build, test and blame.

Chosen on the published cases; anything from 0.12 up gives nearly the same answers.
"""
DRAWS = 1000
_TENTH = 1.2816  # a tenth of a normal distribution lies below -1.2816 standard deviations
_SHARED = 0.7  # how much of a remedy's uncertainty its modes have in common

MEMBERS: Array = np.array(
    [[remedy in chosen for remedy in REMEDIES] for chosen in COMBINATIONS], float
)
"""Which remedies each combination holds, shape (11, 4)."""


class RemedyFigures(NamedTuple):
    """Remedy figures on the log-odds scale, shape (4, 12), and overheads, shape (4,)."""

    centre: Array
    spread: Array
    overhead: Array


def figures(cards: Mapping[Remedy, RemedyCard]) -> RemedyFigures:
    """Read the figures: `mid` is the centre, `low` and `high` the 10th and 90th percentile."""
    shape = (len(REMEDIES), len(MODES))
    centre, spread = np.zeros(shape), np.zeros(shape)
    for row, remedy in enumerate(REMEDIES):
        for fix in cards[remedy].fixes:
            low, mid, high = logit(np.array([fix.share.low, fix.share.mid, fix.share.high]))
            centre[row, MODES.index(fix.mode)] = mid
            spread[row, MODES.index(fix.mode)] = (high - low) / (2 * _TENTH)
    return RemedyFigures(centre, spread, np.array([cards[remedy].overhead for remedy in REMEDIES]))


def overheads(overhead: Array) -> Array:
    """Return the overhead of each combination, shape (11,), from the remedies', shape (4,)."""
    return np.asarray(MEMBERS @ overhead + EACH_FURTHER * (MEMBERS.sum(axis=1) - 1))


def logit(share: Array) -> Array:
    """Return the log-odds of shares, held within 0.5 % and 99.5 %."""
    held = np.clip(share, 0.005, 0.995)
    return np.asarray(np.log(held / (1 - held)))


def fixed(mix: Array, odds: Array) -> Array:
    """Return the expected share fixed by each combination, shape (…, 11).

    Args:
        mix: shares of the modes, shape (…, 12).
        odds: log-odds that each remedy fixes each mode, shape (…, 4, 12).
    """
    misses = np.log1p(-1 / (1 + np.exp(-odds)))
    return np.asarray(1 - np.einsum("...m,...cm->...c", mix, np.exp(MEMBERS @ misses)))


def winners(worth: Array, cost: Array, allowed: Array) -> NDArray[np.intp]:
    """Return the index of the cheapest allowed combination within `ENOUGH` of the best, shape (…).

    Args:
        worth: share fixed less overhead, shape (…, 11).
        cost: overhead of each combination, shape (11,); the least is the simplest.
        allowed: False where a veto removes the combination, shape (…, 11).
    """
    reachable = np.where(allowed, worth, -np.inf)
    good = reachable >= reachable.max(axis=-1, keepdims=True) - ENOUGH
    return np.asarray(np.where(good, cost, np.inf).argmin(axis=-1))


def draws(alpha: Array, odds: Array, spread: Array, seed: int) -> tuple[Array, Array]:
    """Draw mixes, shape (DRAWS, 12), and log-odds of fixing, shape (DRAWS, 4, 12)."""
    random = np.random.default_rng(seed)
    mixes = random.dirichlet(np.maximum(alpha, 1e-3), DRAWS)
    common = random.standard_normal((DRAWS, len(REMEDIES), 1))
    own = random.standard_normal((DRAWS, len(REMEDIES), len(MODES)))
    noise = _SHARED * common + np.sqrt(1 - _SHARED**2) * own
    return mixes, odds + spread * noise
