"""What was learned: a small layer over the head that ships, held close to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from advisor.errors import ModelError
from advisor.failures.features.registry import MODES
from advisor.failures.head import Array, Evidence
from advisor.failures.probabilities import log_softmax, logs_of, posterior

PENALTY = 0.5
"""How strongly slopes are held to zero; each block of inputs has rows of length about 1."""
BIAS_PENALTY = 30.0
"""Firmer: corrections tell which failures are which, not how often each kind occurs."""
DIRECTIONS = 100
"""Directions of the inputs along which a layer may differ; more cost time and change little."""


@dataclass(frozen=True)
class InputScale:
    """Moves each block of inputs to its middle and gives its rows a length of about 1."""

    centre: Array
    """Shape (inputs,)."""
    length: Array
    """Shape (inputs,); one value for each block."""

    @classmethod
    def of(cls, seen: Evidence) -> InputScale:
        """Measure the blocks on `seen`."""
        centres, lengths = zip(*map(_measured, _blocks(seen)), strict=True)
        return cls(np.concatenate(centres), np.concatenate(lengths))

    def inputs(self, seen: Evidence) -> Array:
        """Return scaled inputs, shape (n, inputs); a block of zeros, such as no note, stays so."""
        blocks = _blocks(seen)
        there = [np.repeat(block.any(1, keepdims=True), block.shape[1], axis=1) for block in blocks]
        return (np.hstack(blocks) - self.centre) / self.length * np.hstack(there)


def _blocks(seen: Evidence) -> tuple[Array, Array]:
    return seen.rest, seen.notes


def _measured(block: Array) -> tuple[Array, Array]:
    known = block[block.any(axis=1)]
    if not len(known):
        return np.zeros(block.shape[1]), np.ones(block.shape[1])
    length = float(np.sqrt(known.var(axis=0).sum())) or 1.0
    return known.mean(axis=0), np.full(block.shape[1], length)


@dataclass(frozen=True)
class Layer:
    """Makes log p = log_softmax(log p of the head + z W + b), where z are the scaled inputs."""

    base: str
    """Fingerprint of the head that it belongs to."""
    scale: InputScale
    weights: Array
    """W, shape (inputs, modes)."""
    bias: Array
    """b, shape (modes,)."""

    def probabilities(self, before: Array, inputs: Array) -> Array:
        """Return what becomes of the head's probabilities, shape (n, modes)."""
        return posterior(before, inputs @ self.weights + self.bias)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what `to_bytes` gives."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """Return the layer as safetensors, for a database or another process."""
        parts = {"centre": self.scale.centre, "length": self.scale.length}
        parts |= {"weights": self.weights, "bias": self.bias}
        arrays = {name: np.ascontiguousarray(part, np.float32) for name, part in parts.items()}
        return save({**arrays, "base": np.frombuffer(bytes.fromhex(self.base), np.uint8)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Layer:
        """Read a layer back.

        Raises:
            ModelError: it is damaged.
        """
        try:
            found = load(data)
            base = found.pop("base").tobytes().hex()
            arrays = {name: part.astype(float) for name, part in found.items()}
            scale = InputScale(arrays["centre"], arrays["length"])
            layer = cls(base, scale, arrays["weights"], arrays["bias"])
        except (SafetensorError, KeyError, ValueError):
            raise _damaged() from None
        return layer.checked()

    def checked(self) -> Layer:
        """Return the layer if its arrays fit together.

        Raises:
            ModelError: a shape or a value is wrong.
        """
        parts = (self.scale.centre, self.scale.length, self.weights, self.bias)
        wide, size = len(self.weights), len(MODES)
        fits = [part.shape for part in parts] == [(wide,), (wide,), (wide, size), (size,)]
        if not fits or not all(np.isfinite(part).all() for part in parts):
            raise _damaged()
        return self


def _damaged() -> ModelError:
    return ModelError("A learned version is damaged. Use another version, or learn again.")


def directions(inputs: Array) -> Array:
    """Return the main directions of scaled inputs, shape (inputs, at most 100): all W may use."""
    _, found = np.linalg.eigh(inputs.T @ inputs)
    return np.ascontiguousarray(found[:, : -DIRECTIONS - 1 : -1])


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
        found = point.reshape(hold.shape)
        logs = log_softmax(offset + columns @ found)
        slope = columns.T @ (np.exp(logs) - wanted) + hold * found
        return float((hold * found**2).sum() / 2 - (logs * wanted).sum()), slope.ravel()

    best = minimize(loss, np.zeros(hold.size), jac=True, method="L-BFGS-B").x.reshape(hold.shape)
    return best[:-1], best[-1]


def as_stored(values: Array) -> Array:
    """Return numbers as they come back from a file, so that a fresh layer equals a stored one."""
    return values.astype(np.float32).astype(float)
