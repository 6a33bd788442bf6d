"""The trained head: embedded sentences in, calibrated chances out. Plain arrays, no pickle."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from advisor.errors import ModelError
from advisor.proposal import Answer

FILE = Path(__file__).with_name("head.safetensors")
WORD_WEIGHT = 0.25
"""What one known word or pair of words counts beside the encoder's unit row."""

Floats = NDArray[np.float32]
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?|\d")


@dataclass(frozen=True)
class ReaderHead:
    """For each question, whether a sentence speaks about it; then which answer it gives."""

    questions: tuple[str, ...]
    outputs: tuple[tuple[str, Answer], ...]
    """(question, answer); the answer `None` says that a number is stated, not which."""
    words: dict[str, int]
    """Column of each word or pair of words, after the encoder's columns."""
    about: Floats
    """Shape (columns + 1, questions); the last row is the offset."""
    says: Floats
    """Shape (columns + 1, outputs)."""
    calibration: Floats
    """Shape (2, outputs): chance = sigmoid(slope * log-odds + shift)."""
    joined: dict[str, tuple[float, float]]
    """By question: slope and shift of the log-odds once wordings and numbers are joined in."""
    encoder: str
    """Identity of the encoder that the head was trained on."""

    def chances(self, rows: Floats, texts: Sequence[str]) -> Floats:
        """Return the chance of each answer, shape (n, outputs), from unit rows (n, width)."""
        scores = self._scores(rows, texts)
        about, says = scores[:, : len(self.questions)], scores[:, len(self.questions) :]
        raw = answer_chances(about, says, self.belongs)
        slope, shift = self.calibration
        return sigmoid(slope * log_odds(raw) + shift)

    def _scores(self, rows: Floats, texts: Sequence[str]) -> Floats:
        """Return what `features` times the weights gives; a few words of thousands are there."""
        width = rows.shape[1]
        scores = rows @ self._weights[:width] + self._weights[-1]
        for place, text in enumerate(texts):
            known = [width + self.words[gram] for gram in grams(text) if gram in self.words]
            scores[place] += WORD_WEIGHT * self._weights[known].sum(0)
        return np.asarray(scores, np.float32)

    @cached_property
    def _weights(self) -> Floats:
        return np.hstack([self.about, self.says])

    @cached_property
    def belongs(self) -> NDArray[np.intp]:
        """The place of each output's question, shape (outputs,)."""
        return np.array([self.questions.index(question) for question, _ in self.outputs])

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides, 64 hexadecimal digits."""
        content = hashlib.sha256(json.dumps(_header(self), sort_keys=True).encode())
        for array in (self.about, self.says, self.calibration):
            content.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return content.hexdigest()

    def save(self, path: Path = FILE) -> None:
        """Write the head; the same head gives the same bytes."""
        arrays = {"about": self.about, "says": self.says, "calibration": self.calibration}
        path.write_bytes(save(arrays, {"head": json.dumps(_header(self), sort_keys=True)}))


def load_head(path: Path = FILE) -> ReaderHead:
    """Read a head.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads(file.metadata()["head"])
            arrays = {name: file.get_tensor(name) for name in ("about", "says", "calibration")}
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        raise ModelError(
            f"The reader's file {path.name} is missing or damaged. "
            "Make it again: python -m advisor.intake.suggestions.train_reader"
        ) from None
    return ReaderHead(
        questions=tuple(header["questions"]),
        outputs=tuple((question, answer) for question, answer in header["outputs"]),
        words={word: place for place, word in enumerate(header["words"])},
        joined={question: (slope, shift) for question, (slope, shift) in header["joined"].items()},
        encoder=header["encoder"],
        **arrays,
    )


def grams(text: str) -> set[str]:
    """Return the words of `text` and the pairs of neighbours; a digit is `0`."""
    words = ["^", *("0" if word.isdigit() else word for word in _WORDS.findall(text.lower()))]
    return {*words, *(" ".join(pair) for pair in zip(words, words[1:], strict=False))}


def features(rows: Floats, texts: Sequence[str], words: dict[str, int]) -> Floats:
    """Return the columns a head weighs, shape (n, width + words + 1); the last is 1."""
    known = np.zeros((len(texts), len(words) + 1), np.float32)
    known[:, -1] = 1
    for place, text in enumerate(texts):
        known[place, [words[gram] for gram in grams(text) if gram in words]] = WORD_WEIGHT
    return np.hstack([rows, known])


def answer_chances(about: Floats, says: Floats, belongs: NDArray[np.intp]) -> Floats:
    """Return the raw chance of each answer: that it is spoken about, times that it is this one."""
    powers = np.exp(says - says.max(axis=1, keepdims=True))
    same = (belongs[:, None] == belongs[None, :]).astype(np.float32)
    chances: Floats = sigmoid(about)[:, belongs] * powers / (powers @ same).clip(1e-12)
    return chances


def log_odds(chances: Floats) -> Floats:
    """Return the natural log-odds, chances first kept off 0 and 1."""
    kept = chances.clip(1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Return 1 / (1 + e^-score), safe for any score."""
    return np.asarray(1 / (1 + np.exp(-scores.clip(-30, 30))), np.float32)


def _header(head: ReaderHead) -> dict[str, object]:
    return {
        "questions": head.questions,
        "outputs": head.outputs,
        "words": sorted(head.words, key=head.words.__getitem__),
        "joined": head.joined,
        "encoder": head.encoder,
    }
