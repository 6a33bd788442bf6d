"""Whether more training examples would help: the learning curve and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from advisor.pilot.comparing.statistics.intervals import LEVEL
from advisor.pilot.comparing.statistics.score_table import Floats

_TIMES = (2, 4)
_STEPS = 41
_RATES = np.geomspace(0.1, 1.5, 15)
"""How fast learning curves flatten: exponents seen in practice (Viering and Loog 2022)."""
_SLOPES = np.linspace(0, 1.5, 15)
"""Rise of the logit with each doubling."""
_RUNS = 2**0.5
"""One training run differs from the next about as much as one test set from another (Bouthillier
2021), which the interval of a point does not know."""
_Z = 1.96


class MeasuredPoint(NamedTuple):
    """Score of one training run with its 95 % interval, on a scale from 0 to 1."""

    examples: int
    score: float
    low: float
    high: float


class Curve(NamedTuple):
    """What a learning curve says about more examples."""

    projected: tuple[MeasuredPoint, ...]
    """With twice and four times the examples: the middle and the 95 % range."""
    chance: float
    """Chance that twice the examples gain at least the margin."""
    words: str
    """What it means, in a sentence or two."""


def project(points: Sequence[MeasuredPoint], margin: float) -> Curve | None:
    """Continue a learning curve; None where fewer than two sizes were tried.

    Every curve of two families counts by how well it fits, so that three points give a wide range
    instead of one line: power laws `c - g n^-r`, which are levelling off, and logistic curves of
    log n, which may just be taking off. In simulation from three points the range for twice the
    examples holds the truth in 95 to 99 of 100 pilots; in 69 where scores rise late and steeply,
    which no three points foretell (benchmarks/pilot_statistics.py).
    """
    known = sorted(point for point in points if point.examples > 0)
    if len({point.examples for point in known}) < 2:
        return None
    last = known[-1]
    families = _families(last)
    fits = np.zeros(sum(len(now) for now, *_ in families))
    for point in known:
        error = max((point.high - point.low) / (2 * _Z), 0.005)
        off = _scores(families, point.examples / last.examples) - point.score
        fits -= (off / (_RUNS * error)) ** 2 / 2
    weights = np.exp(fits - fits.max())
    weights /= weights.sum()
    projected = tuple(
        MeasuredPoint(last.examples * times, *_middle_and_range(_scores(families, times), weights))
        for times in _TIMES
    )
    gains = _scores(families, 2) - _scores(families, 1)
    chance = float(weights[gains >= margin].sum())
    return Curve(projected, chance, _words(last, projected[0], chance))


def _families(last: MeasuredPoint) -> tuple[tuple[Floats, Floats, Floats], ...]:
    """Return score now, level in the end and rate of every power law, then of every logistic."""
    error = max((last.high - last.low) / (2 * _Z), 0.005)
    now = np.clip(last.score + error * np.linspace(-3, 3, _STEPS), 0.001, 0.999)
    way_up = np.linspace(0.001, 1, _STEPS)
    found = []
    for rates in (_RATES, _SLOPES):
        start, rest, rate = (axis.ravel() for axis in np.meshgrid(now, way_up, rates))
        found.append((start, start + rest * (1 - start), rate))
    return tuple(found)


def _scores(families: tuple[tuple[Floats, Floats, Floats], ...], times: float) -> Floats:
    """Return the score of every curve with `times` as many examples as the last point."""
    (now, level, rate), (start, end, slope) = families
    power = level - (level - now) * times**-rate
    logistic = end * expit(logit(start / end) + slope * np.log2(times))
    return np.concatenate([power, logistic])


def _middle_and_range(values: Floats, weights: Floats) -> tuple[float, float, float]:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    ends = np.searchsorted(reached, (0.5, 0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
    middle, low, high = values[order[np.minimum(ends, len(values) - 1)]].tolist()
    return middle, low, high


def _words(last: MeasuredPoint, twice: MeasuredPoint, chance: float) -> str:
    likely = "likely" if chance >= 0.5 else "possible" if chance >= 0.1 else "unlikely"
    return (
        f"With {twice.examples:,} instead of {last.examples:,} examples it would reach about "
        f"{100 * twice.score:.0f} % ({100 * twice.low:.0f} to {100 * twice.high:.0f} %). A gain "
        f"that matters is {likely}."
    )
