"""The trained head: plain arrays, evaluated with numpy."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from platformdirs import user_data_path
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from advisor.core.strict import Strict, digest
from advisor.errors import ModelError
from advisor.failures.features import ngrams
from advisor.failures.features.registry import (
    MODES,
    SPEAKS,
    VERSION,
    Array,
)
from advisor.failures.head_inputs import CaseEncoder, Evidence, load_case_encoder
from advisor.failures.probabilities import log_softmax
from advisor.models.encoder import Encoder

FILE = Path(__file__).with_name("head.safetensors")
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


class ModeHead(Protocol):
    """What turns evidence on failures into probabilities of the modes."""

    @property
    def fingerprint(self) -> str:
        """Stands for everything that its probabilities rest on."""

    @property
    def threshold(self) -> float:
        """Probability of the top cause under which a reading abstains."""

    @property
    def relation_weights(self) -> Array:
        """What each relation adds to each mode, before it is mixed, shape (features, modes)."""

    def votes(self, seen: Evidence) -> Array:
        """Return what each expert adds to the log of each mode, shape (experts, n, modes)."""

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""


@dataclass(frozen=True)
class ClassifierHead:
    """Three experts, for notes, relations and whole records, and how they are weighed."""

    arrays: dict[str, Array]
    about: HeadProvenance

    @property
    def threshold(self) -> float:
        """The one it was calibrated for."""
        return self.about.threshold

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights and of what they were made from."""
        content = hashlib.sha256(digest(self.about.model_dump()).encode())
        for name, values in sorted(self.arrays.items()):
            content.update(name.encode() + np.ascontiguousarray(values).tobytes())
        return content.hexdigest()

    @property
    def relation_weights(self) -> Array:
        """What each relation adds to each mode, before it is mixed, shape (features, modes)."""
        weights, size = self.arrays["rest_weights"], len(MODES)
        return SPEAKS @ weights[:size] + weights[size : size + len(SPEAKS)]

    def votes(self, seen: Evidence) -> Array:
        """Return what each expert adds to the log of each mode, shape (experts, n, modes)."""
        arrays = self.arrays
        note = note_scores(seen, arrays["note_weights"], arrays["note_bias"], arrays["wording"])
        rest = rest_scores(seen, arrays["rest_weights"], arrays["rest_bias"])
        return weighed(np.stack([note, rest, seen.record.logs]), seen, arrays["mix"])

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""
        return summed(self.votes(seen))

    def save(self, path: Path) -> None:
        """Write the arrays and, beside them, what they were made from."""
        arrays = {name: values.astype(np.float32) for name, values in self.arrays.items()}
        path.write_bytes(save(arrays))
        text = json.dumps(self.about.model_dump(), indent=1, sort_keys=True)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def weighed(experts: Array, seen: Evidence, mix: Array) -> Array:
    """Return the experts' log probabilities as far as they count, shape (3, n, modes).

    Args:
        experts: for notes, for relations, for whole records, shape (3, n, modes).
        seen: tells which state each failure is in.
        mix: how much each expert counts in each state, shape (states, experts): a note alone, no
            note, a note beside other parts.
    """
    return np.asarray(experts * mix[seen.states].T[..., None])


def summed(votes: Array) -> Array:
    """Return the probabilities that votes, shape (experts, n, modes), come to: (n, modes)."""
    return np.asarray(np.exp(log_softmax(votes.sum(0))))


def note_scores(seen: Evidence, weights: Array, bias: Array, wording: Array) -> Array:
    """Return the log probabilities of the expert for notes, shape (n, modes)."""
    return log_softmax(seen.notes @ weights + bias + ngrams.scores(seen.wording, wording))


def rest_scores(seen: Evidence, weights: Array, bias: Array) -> Array:
    """Return the log probabilities of the expert for everything else, shape (n, modes)."""
    return log_softmax(seen.rest @ weights + bias)


def load_head(encoder: CaseEncoder, path: Path) -> ClassifierHead:
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


def shipped(name: str | None = None) -> tuple[CaseEncoder, ClassifierHead]:
    """Return an encoder, the one that is set if none is named, and the head trained for it.

    Raises:
        ModelError: one of them is missing or altered.
    """
    encoder = load_case_encoder(name)
    return encoder, load_head(encoder, head_path(encoder.texts))


def head_path(encoder: Encoder) -> Path:
    """Return where the head of `encoder` lies: shipped, or among the user's own data."""
    if encoder.is_default:
        return FILE

    return user_data_path("advisor") / f"head-{digest(encoder.identity)[:16]}.safetensors"


def pack(**arrays: Any) -> dict[str, Array]:
    """Return arrays as they come back from a file, so that a fresh head equals a stored one."""
    return {name: np.asarray(values, np.float32).astype(float) for name, values in arrays.items()}
