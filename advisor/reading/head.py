"""The trained head: embedded sentences in, calibrated chances out. Plain arrays, no pickle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.proposal import Answer

FILE = Path(__file__).with_name("head.safetensors")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """One logistic regression for each answer of each question."""

    outputs: tuple[tuple[str, Answer], ...]
    """(question, answer); the answer `None` says that a number is stated, not which."""
    words: dict[str, int]
    """Column of each word or pair of words, after the encoder's columns."""
    weights: Floats
    """Shape (columns, outputs)."""
    offsets: Floats
    """Shape (outputs,)."""
    slopes: Floats
    """Calibration, shape (outputs, 2): chance = sigmoid(slope * score + shift)."""
    thresholds: Floats
    """Shape (outputs,): the least chance at which a sentence counts."""
    encoder: str
    """Identity of the encoder that the head was trained on."""

    def chances(self, rows: Floats, texts: list[str]) -> Floats:
        """Return the chance of each answer, shape (n, outputs), from unit rows (n, width)."""
        scores = rows @ self.weights[: rows.shape[1]] + self.offsets
        for place, text in enumerate(texts):
            columns = [self.words[word] for word in set(grams(text)) if word in self.words]
            if columns:
                scores[place] += self.weights[columns].sum(0)
        return _sigmoid(scores * self.slopes[:, 0] + self.slopes[:, 1])

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides, 64 hexadecimal digits."""
        content = hashlib.sha256(self.encoder.encode())
        content.update(json.dumps([self.outputs, sorted(self.words)]).encode())
        for array in (self.weights, self.offsets, self.slopes, self.thresholds):
            content.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return content.hexdigest()
