"""What was learned: a small layer over the head that ships, held close to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from advisor.core.strict import digest
from advisor.domain.assessment import FailureReading
from advisor.errors import ModelError
from advisor.failures.classifier import Classifier
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import ClassifierHead, shipped, summed
from advisor.failures.head_inputs import Evidence
from advisor.failures.probabilities import posterior
from advisor.proposal import Failure
from advisor.vocabulary import Mode


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


def _blocks(seen: Evidence) -> tuple[Array, ...]:
    return seen.rest, seen.notes, seen.record.hidden.astype(float)


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

    def votes(self, inputs: Array) -> Array:
        """Return what it adds to the log of each mode, shape (n, modes)."""
        return np.asarray(inputs @ self.weights + self.bias)

    def probabilities(self, before: Array, inputs: Array) -> Array:
        """Return what becomes of the head's probabilities, shape (n, modes)."""
        return posterior(before, self.votes(inputs))

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
            stored = load(data)
            base = stored.pop("base").tobytes().hex()
            arrays = {name: part.astype(float) for name, part in stored.items()}
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


@dataclass(frozen=True)
class LearnedHead:
    """The head that ships with a layer over it."""

    head: ClassifierHead
    layer: Layer

    @property
    def threshold(self) -> float:
        """That of the head."""
        return self.head.threshold

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the head and of the layer."""
        return digest([self.layer.base, self.layer.fingerprint])

    @property
    def relation_weights(self) -> Array:
        """Those of the head."""
        return self.head.relation_weights

    def votes(self, seen: Evidence) -> Array:
        """Return the head's votes and, last, what was learned, shape (experts, n, modes)."""
        learned = self.layer.votes(self.layer.scale.inputs(seen))
        return np.concatenate([self.head.votes(seen), learned[None]])

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""
        return summed(self.votes(seen))


class LearnedClassifier:
    """The classifier that ships with what corrections taught it; it names its version.

    It goes to another process as `layer.to_bytes()` and `version`; there it has the same
    fingerprint and gives the same readings.
    """

    def __init__(self, layer: Layer, version: str) -> None:
        """Put `layer` over the head that ships.

        Raises:
            ModelError: the layer belongs to another head, or the head is missing.
        """
        encoder, head = shipped()
        if layer.base != head.fingerprint:
            raise ModelError("This version was learned on another classifier. Learn again.")
        self._classifier = Classifier(encoder, LearnedHead(head, layer))
        self.fingerprint = self._classifier.fingerprint
        self.version = version
        self.layer = layer

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order."""
        return self._classifier.read(failures, corrections)
