"""Everything a head looks at: whole records, relations between the texts, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.core.strict import digest
from advisor.failures.features import ngrams
from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import GROUNDS, SPOKEN
from advisor.failures.features.prototypes import DESCRIPTIONS, PER_MODE
from advisor.failures.features.registry import (
    FAMILIES,
    MODES,
    SPEAKS,
    Array,
    complaints,
    groundless,
    presence,
    relations,
)
from advisor.failures.record.reading import RecordReader, RecordReading
from advisor.models.encoder import Encoder, load_encoder

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
    record: RecordReading
    """What the tuned encoder makes of each whole failure."""

    def where(self, mask: NDArray[np.bool_]) -> Evidence:
        """Return the part that `mask` picks."""
        wording = tuple(row for row, keep in zip(self.wording, mask, strict=True) if keep)
        return Evidence(
            self.relations[mask],
            self.presence[mask],
            self.notes[mask],
            wording,
            self.record.where(mask),
        )

    @property
    def rest(self) -> Array:
        """What the expert for everything but notes takes, shape (n, modes + features + 4)."""
        parts = self.presence[:, [0, 1, 2, 4]]
        return np.hstack([self.relations @ SPEAKS, self.relations, parts])

    @property
    def states(self) -> NDArray[np.int64]:
        """What there is: 0 a note alone, 1 no note, 2 a note beside an output or a wanted answer.

        A failure without any of them counts as 1.
        """
        return np.where(self.has_note, np.where(self.has_rest, 2, 0), 1)

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


@dataclass(frozen=True)
class CaseEncoder:
    """Turns failures into evidence; may be shared between threads."""

    texts: Encoder
    """Encodes notes."""
    records: RecordReader | None
    """Reads whole failures; none with another encoder than the default, which it changes."""

    @property
    def identity(self) -> str:
        """Names the weights; a trained head belongs to one identity."""
        return self.texts.identity + (f":{self.records.fingerprint}" if self.records else "")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the identity and the number type; the same one gives the same evidence."""
        return digest([self.identity, self.texts.fingerprint])

    @property
    def is_default(self) -> bool:
        """Whether it is what the head that ships was trained for."""
        return self.texts.is_default

    def evidence(self, cases: Sequence[FailureCase]) -> Evidence:
        """Return what a head looks at; a failure costs two passes of the encoder at most."""
        notes, wording = _notes(cases, self.texts)
        read = self.records.read(cases) if self.records else RecordReading.none(len(cases))
        return Evidence(relations(cases), presence(cases), notes, wording, read)


def load_case_encoder(name: str | None = None) -> CaseEncoder:
    """Return the encoder `name` (default: the one that is set), and what reads whole failures.

    Raises:
        ModelError: one of them is missing or altered.
    """
    texts = load_encoder(name)
    return CaseEncoder(texts, _tuned_reader() if texts.is_default else None)


def _tuned_reader() -> RecordReader:
    from advisor.failures.record.reader import load_tuned_reader  # heavy: torch

    return load_tuned_reader()


def _notes(cases: Sequence[FailureCase], encoder: Encoder) -> tuple[Array, tuple[ngrams.Row, ...]]:
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
    return notes, tuple(ngrams.row(case.note.raw) for case in cases)
