"""What probabilities of the modes say, and what further evidence makes of them: Bayes' rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.domain.assessment import FailureReading
from advisor.failures.features.registry import MODES, Array
from advisor.vocabulary import CAUSE_OF, Cause, Mode

OF_CAUSE = np.array([[float(CAUSE_OF[mode] == cause) for cause in Cause] for mode in MODES])
"""Which mode has which cause, shape (modes, causes)."""
_SMALLEST = 1e-12
_SHOWN = 5e-5
"""Half of what a rounded probability can show; a mode at 0.0000 is unlikely, not impossible."""


class Likeliest(NamedTuple):
    """What probabilities of the modes say."""

    shares: dict[Mode, float]
    """Of each mode, rounded."""
    cause: Cause
    """The likeliest."""
    chance: float
    """Of that cause."""
    mode: Mode
    """The likeliest of those with that cause."""


def likeliest(chances: Array) -> Likeliest:
    """Return what probabilities of the modes, up to a factor, say.

    The cause is the likeliest sum over its modes, and the mode the likeliest of that cause: the
    cause decides on the remedy, and is surer than any single mode.
    """
    shares = rounded(chances)
    causes = shares_by_cause(shares)
    cause = max(causes, key=causes.__getitem__)
    mode = max((mode for mode in MODES if CAUSE_OF[mode] == cause), key=shares.__getitem__)
    return Likeliest(shares, cause, causes[cause], mode)


def rounded(chances: Array) -> dict[Mode, float]:
    """Return probabilities with four decimals that sum to 1; the largest takes what is left."""
    units = np.floor(chances / chances.sum() * 10_000 + 0.5).astype(int)
    units[units.argmax()] += 10_000 - units.sum()
    return {mode: float(share) / 10_000 for mode, share in zip(MODES, units, strict=True)}


def shares_by_cause(probabilities: Mapping[Mode, float]) -> dict[Cause, float]:
    """Return the probability of each cause."""
    return {
        cause: sum(share for mode, share in probabilities.items() if CAUSE_OF[mode] == cause)
        for cause in Cause
    }


def named_modes(chances: Array) -> NDArray[np.int64]:
    """Return the place of the mode that each row names, as `likeliest` does, shape (n,)."""
    cause = (chances @ OF_CAUSE).argmax(axis=1)
    return np.asarray(np.where(OF_CAUSE[:, cause].T > 0, chances, -1).argmax(axis=1), np.int64)


def posterior(chances: Array, evidence: Array, least: float = _SMALLEST) -> Array:
    """Return probabilities in the light of evidence, by Bayes' rule along the last axis.

    Args:
        chances: probabilities; none counts as less than `least`, so that nothing is impossible.
        evidence: log-likelihoods in nats, up to a constant.
        least: what a probability of 0 stands for.
    """
    return np.asarray(np.exp(log_softmax(logs_of(chances, least) + evidence)))


def posterior_sums(chances: Array, priors: Array) -> Array:
    """Return Bayes' rule for all readings under each prior, summed over readings, shape (H, modes).

    Args:
        chances: what each reading says by itself, shape (n, modes).
        priors: how common the modes are, shape (H, modes).
    """
    normal = chances @ priors.T
    return np.asarray(priors * ((1 / normal).T @ chances))


def updated(reading: FailureReading, evidence: Array, sure_from: float, why: str) -> FailureReading:
    """Return a reading in the light of more evidence.

    Args:
        reading: what was known before.
        evidence: log-likelihood of each mode in nats, shape (modes,).
        sure_from: probability of the likeliest cause under which it abstains.
        why: what to say of it now.
    """
    before = np.array([reading.probabilities.get(mode, 0.0) for mode in MODES])
    now = likeliest(posterior(before, evidence, _SHOWN))
    return reading.model_copy(
        update={
            "mode": now.mode,
            "cause": now.cause,
            "probabilities": now.shares,
            "abstained": now.chance < sure_from,
            "why": why,
        }
    )


def logs_of(chances: Array, least: float = _SMALLEST) -> Array:
    """Return logs of probabilities; nothing is impossible."""
    return np.log(np.maximum(chances, least))


def log_softmax(scores: Array) -> Array:
    """Return log probabilities of scores along the last axis, shape kept."""
    scores = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)))
