"""Corrections ready for learning, and the fit of a layer to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import ClassifierHead
from advisor.failures.head_inputs import CaseEncoder
from advisor.failures.learning.folds import FOLDS
from advisor.failures.learning.guard import Guard, guard
from advisor.failures.learning.layer import Layer
from advisor.failures.probabilities import log_softmax, logs_of
from advisor.proposal import Failure
from advisor.vocabulary import Mode

PENALTY = 0.5
"""How strongly slopes are held to zero; each block of inputs has rows of length about 1."""
BIAS_PENALTY = 30.0
"""Firmer: corrections tell which failures are which, not how often each kind occurs."""
DIRECTIONS = 100
"""Directions of the inputs along which a layer may differ; more cost time and change little."""


@dataclass(frozen=True)
class Corrections:
    """Corrections ready for fitting."""

    inputs: Array
    """Scaled, shape (n, inputs)."""
    directions: Array
    """The main ones of all inputs, shape (inputs, columns)."""
    before: Array
    """The head's probabilities, shape (n, modes)."""
    modes: NDArray[np.int64]
    guard: Guard
    base: str

    @classmethod
    def of(
        cls, said: Sequence[tuple[Failure, Mode]], encoder: CaseEncoder, head: ClassifierHead
    ) -> Corrections:
        """Work out what the head looks at."""
        seen = encoder.evidence([FailureCase.of(failure) for failure, _ in said])
        kept = guard(encoder, head)
        modes = np.array([MODES.index(mode) for _, mode in said], np.int64)
        inputs, before = kept.scale.inputs(seen), head.probabilities(seen)
        return cls(inputs, directions(inputs), before, modes, kept, head.fingerprint)

    def layer(self, rows: NDArray[np.bool_] | slice = slice(None)) -> Layer:
        """Fit a layer to some of the corrections."""
        anchors = self.guard.anchors
        inputs = np.vstack([self.inputs[rows], anchors.inputs])
        before = np.vstack([self.before[rows], anchors.before])
        wanted = np.vstack([np.eye(len(MODES))[self.modes[rows]], anchors.before])
        slope, bias = slopes(inputs @ self.directions, before, wanted)
        weights = as_stored(self.directions @ slope)
        return Layer(self.base, self.guard.scale, weights, as_stored(bias))

    def kept_aside(self, fold: NDArray[np.int64]) -> Array:
        """Return each row's probabilities from a layer that has not seen it, shape (n, modes)."""
        after = np.empty_like(self.before)
        for number in range(FOLDS):
            aside = fold == number
            layer = self.layer(~aside)
            after[aside] = layer.probabilities(self.before[aside], self.inputs[aside])
        return after


def directions(inputs: Array) -> Array:
    """Return the main directions of scaled inputs, shape (inputs, at most 100): all W may use."""
    _, vectors = np.linalg.eigh(inputs.T @ inputs)
    return np.ascontiguousarray(vectors[:, : -DIRECTIONS - 1 : -1])


def slopes(columns: Array, before: Array, wanted: Array) -> tuple[Array, Array]:
    """Fit slopes (columns, modes) and b; the same rows give the same numbers.

    Args:
        columns: scaled inputs along their main directions, shape (n, columns).
        before: the head's probabilities, shape (n, modes).
        wanted: the probabilities to reach, shape (n, modes).
    """
    from scipy.optimize import minimize  # heavy: scipy

    offset = logs_of(before)
    columns = np.hstack([columns, np.ones((len(columns), 1))])
    hold = np.full((columns.shape[1], len(MODES)), PENALTY)
    hold[-1] = BIAS_PENALTY

    def loss(point: Array) -> tuple[float, Array]:
        fitted = point.reshape(hold.shape)
        logs = log_softmax(offset + columns @ fitted)
        slope = columns.T @ (np.exp(logs) - wanted) + hold * fitted
        return float((hold * fitted**2).sum() / 2 - (logs * wanted).sum()), slope.ravel()

    best = minimize(loss, np.zeros(hold.size), jac=True, method="L-BFGS-B").x.reshape(hold.shape)
    return best[:-1], best[-1]


def as_stored(values: Array) -> Array:
    """Return numbers as they come back from a file, so that a fresh layer equals a stored one."""
    return values.astype(np.float32).astype(float)
