"""The trained head: plain arrays, evaluated with numpy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_data_path
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from advisor.core.strict import Strict, digest
from advisor.errors import ModelError
from advisor.failures.features import ngrams
from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import GROUNDS, SPOKEN
from advisor.failures.features.prototypes import DESCRIPTIONS, PER_MODE
from advisor.failures.features.registry import (
    FAMILIES,
    MODES,
    SPEAKS,
    VERSION,
    complaints,
    groundless,
    presence,
    relations,
)
from advisor.failures.probabilities import log_softmax
from advisor.models.encoder import Encoder, load_encoder

Array = NDArray[np.float64]
FILE = Path(__file__).with_name("head.safetensors")
CLOSENESS = 8.0
"""How much a note's closeness to the descriptions of a mode says before training."""
GROUNDLESS = np.array([-1.6, -2.0])
"""What it says about the modes of `GROUNDS`, before training, that no text is shown and the note
speaks of none: on the exemplars 6 and 9 % of notes of these modes, four and seven tenths of the
others."""
SOFT = 8.0
"""Sharpness of the soft maximum over descriptions."""
EMBEDDING_SCALE = 4.0
"""Unit rows have small numbers; this lets the penalty treat them like the other inputs."""
MEND = "Run: make train-classifier"


class HeadProvenance(Strict):
    """What a head was made from, and how well it did there."""

    features: int
    encoder: str
    exemplars: int
    exemplars_sha256: str
    threshold: float = Field(ge=0, le=1)
    """Probability of the top cause under which the classifier abstains."""
    figures: dict[str, float] = {}


@dataclass(frozen=True)
class Evidence:
    """Everything a head looks at, for n failures.

    Both experts see, first, what was known before training (one score a mode), then the details by
    which training may correct it.
    """

    relations: Array
    """Shape (n, features)."""
    presence: Array
    """Shape (n, 5)."""
    notes: Array
    """Shape (n, modes + width + modes + families + grounds); zero where there is no note."""
    wording: tuple[ngrams.Row, ...]
    """The pieces of each note; none where there is no note."""

    def where(self, mask: NDArray[np.bool_]) -> Evidence:
        """Return the part that `mask` picks."""
        wording = tuple(one for one, keep in zip(self.wording, mask, strict=True) if keep)
        return Evidence(self.relations[mask], self.presence[mask], self.notes[mask], wording)

    @property
    def rest(self) -> Array:
        """What the expert for everything but notes takes, shape (n, modes + features + 4)."""
        parts = self.presence[:, [0, 1, 2, 4]]
        return np.hstack([self.relations @ SPEAKS, self.relations, parts])

    @property
    def has_note(self) -> NDArray[np.bool_]:
        """Which failures have a note."""
        return self.presence[:, 3] > 0

    @property
    def has_rest(self) -> NDArray[np.bool_]:
        """Which failures have an output or a wanted answer."""
        return (self.presence[:, 1] + self.presence[:, 2]) > 0


@lru_cache(maxsize=4)
def _described(encoder: Encoder) -> Array:
    texts = [text for mode in MODES for text in DESCRIPTIONS[mode]]
    return encoder.encode(texts).astype(float)


def _closeness(cosines: Array) -> Array:
    """Return closeness to each mode, shape (n, modes): a soft maximum over its descriptions.

    On the exemplars it tells modes apart better than the nearest description alone (macro-F1 0.42
    against 0.32): a complaint often lies between two of them.
    """
    each = np.exp(SOFT * cosines.reshape(len(cosines), len(MODES), PER_MODE))
    return np.asarray(np.log(each.mean(2)) / SOFT)


def evidence(cases: Sequence[FailureCase], encoder: Encoder) -> Evidence:
    """Return what a head looks at; only notes are encoded, so a failure costs one text at most."""
    rows = encoder.encode([case.note.raw for case in cases if case.note]).astype(float)
    close = _closeness(rows @ _described(encoder).T)
    has = [place for place, case in enumerate(cases) if case.note]
    said = complaints(cases)[has]
    bare = groundless(cases)[has]
    before = CLOSENESS * close + said[:, [FAMILIES.index(SPOKEN[mode]) for mode in MODES]]
    before[:, [MODES.index(mode) for mode in GROUNDS]] += GROUNDLESS * bare
    details = np.hstack([EMBEDDING_SCALE * rows, EMBEDDING_SCALE * close, said, bare])
    notes = np.zeros((len(cases), len(MODES) + details.shape[1]))
    notes[has] = np.hstack([before, details])
    wording = tuple(ngrams.row(case.note.raw) for case in cases)
    return Evidence(relations(cases), presence(cases), notes, wording)


class ModeHead(Protocol):
    """What turns evidence on failures into probabilities of the modes."""

    @property
    def fingerprint(self) -> str:
        """Stands for everything that its probabilities rest on."""

    @property
    def threshold(self) -> float:
        """Probability of the top cause under which a reading abstains."""

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""


@dataclass(frozen=True)
class ClassifierHead:
    """Two experts, one for notes and one for everything else, and how they are weighed."""

    arrays: dict[str, Array]
    about: HeadProvenance

    @property
    def threshold(self) -> float:
        """The one it was calibrated for."""
        return self.about.threshold

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights and of what they were made from."""
        found = hashlib.sha256(digest(self.about.model_dump()).encode())
        for name, values in sorted(self.arrays.items()):
            found.update(name.encode() + np.ascontiguousarray(values).tobytes())
        return found.hexdigest()

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""
        arrays = self.arrays
        note = note_scores(seen, arrays["note_weights"], arrays["note_bias"], arrays["wording"])
        rest = rest_scores(seen, arrays["rest_weights"], arrays["rest_bias"])
        return mixed(note, rest, seen, self.arrays["mix"])

    def save(self, path: Path) -> None:
        """Write the arrays and, beside them, what they were made from."""
        arrays = {name: values.astype(np.float32) for name, values in self.arrays.items()}
        path.write_bytes(save(arrays))
        text = json.dumps(self.about.model_dump(), indent=1, sort_keys=True)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def mixed(note: Array, rest: Array, seen: Evidence, mix: Array) -> Array:
    """Weigh both experts' log probabilities and return probabilities, shape (n, modes).

    `mix` holds four temperatures: note alone, rest alone, and note and rest together.
    """
    both = seen.has_note & seen.has_rest
    weight_note = np.where(both, mix[2], np.where(seen.has_note, mix[0], 0.0))
    weight_rest = np.where(both, mix[3], np.where(seen.has_note, 0.0, mix[1]))
    return np.exp(log_softmax(note * weight_note[:, None] + rest * weight_rest[:, None]))


def note_scores(seen: Evidence, weights: Array, bias: Array, wording: Array) -> Array:
    """Return the log probabilities of the expert for notes, shape (n, modes)."""
    return log_softmax(seen.notes @ weights + bias + ngrams.scores(seen.wording, wording))


def rest_scores(seen: Evidence, weights: Array, bias: Array) -> Array:
    """Return the log probabilities of the expert for everything else, shape (n, modes)."""
    return log_softmax(seen.rest @ weights + bias)


def load_head(encoder: Encoder, path: Path) -> ClassifierHead:
    """Read a head that belongs to `encoder` and to these features.

    Raises:
        ModelError: it is missing, damaged, or was trained for something else.
    """
    try:
        about = HeadProvenance.model_validate_json(path.with_suffix(".json").read_bytes())
        arrays = {name: values.astype(float) for name, values in load_file(path).items()}
    except (OSError, ValidationError, SafetensorError):
        raise ModelError(f"The trained classifier is missing or damaged. {MEND}") from None
    if (about.features, about.encoder) != (VERSION, encoder.identity):
        raise ModelError(f"The trained classifier belongs to another encoder or version. {MEND}")
    return ClassifierHead(arrays, about)


def shipped(name: str | None = None) -> tuple[Encoder, ClassifierHead]:
    """Return an encoder, the one that is set if none is named, and the head trained for it.

    Raises:
        ModelError: one of them is missing or altered.
    """
    encoder = load_encoder(name)
    return encoder, load_head(encoder, head_path(encoder))


def head_path(encoder: Encoder) -> Path:
    """Return where the head of `encoder` lies: shipped, or among the user's own data."""
    if encoder.is_default:
        return FILE

    return user_data_path("advisor") / f"head-{digest(encoder.identity)[:16]}.safetensors"


def pack(**arrays: Any) -> dict[str, Array]:
    """Return arrays as they come back from a file, so that a fresh head equals a stored one."""
    return {name: np.asarray(values, np.float32).astype(float) for name, values in arrays.items()}
