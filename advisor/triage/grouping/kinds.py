"""The kinds of failing, fixed once: every failure is sorted into one before any grouping.

A kind is one complaint of one mode: a sentence that people say of it, or a relation between the
texts that speaks for it. Kinds hold no subject, so two subjects that fail alike share one; and as
they never move, a failure stays in its kind whatever is added or removed around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.case import FailureCase
from advisor.failures.features.prototypes import DESCRIPTIONS
from advisor.failures.features.registry import FEATURES, MODES, SPEAKS, Array, relations
from advisor.models.encoder import Encoder
from advisor.vocabulary import CAUSE_OF, Cause, Mode

Places = NDArray[np.intp]

LEAST = 0.3
"""What a relation must be worth (natural log) to be named, as in `why`."""
CLOSENESS = 5.0
"""How much a note's closeness to a sentence counts against the chances of the modes."""
WORDS = 3
"""A shorter note says too little to tell its kind."""
APART, CAUSES_APART = 0.8, 0.6
"""How far two modes lie apart, and two causes, where two sentences lie about 1 apart."""
NO_CHANCE = 1e-4


@dataclass(frozen=True)
class Kinds:
    """Every kind there is, k in all, in a fixed order."""

    modes: Places
    """The mode of each, as a place in `MODES`, shape (k,)."""
    features: Places
    """The feature that makes it, or -1 where a sentence does, shape (k,)."""
    rows: Array
    """Its sentence as a unit row, shape (k, width)."""

    @property
    def spoken(self) -> NDArray[np.bool_]:
        """Which kinds are sentences that notes are compared with, shape (k,)."""
        return self.features < 0

    @property
    def positions(self) -> Array:
        """Where each lies: its mode, its cause and its sentence, shape (k, modes + width)."""
        return np.hstack([MODE_PLACES[self.modes], self.rows])

    @cached_property
    def tree(self) -> list[tuple[int, int]]:
        """Which two nodes each further node joins (Ward's method); the first k are the kinds."""
        from scipy.cluster.hierarchy import ward  # heavy: scipy

        return [(int(left), int(right)) for left, right, *_ in ward(self.positions)]

    def name(self, kind: int) -> str:
        """Return a short name that no other kind has: `format-2`, `format-json_broken`."""
        mode, feature = MODES[self.modes[kind]], int(self.features[kind])
        first = int(self.modes.searchsorted(self.modes[kind]))
        return f"{mode}-{FEATURES[feature].name if feature >= 0 else kind - first + 1}"


@dataclass(frozen=True)
class SortedFailures:
    """What n failures look like, each in its kind."""

    kinds: Places
    """Shape (n,)."""
    relations: Array
    """Shape (n, features)."""
    rows: Array
    """The note, else the sentence of the kind, as a unit row, shape (n, width)."""
    chances: Array
    """Probabilities of the modes, shape (n, 12)."""

    @property
    def positions(self) -> Array:
        """Where each failure lies, in the space of `Kinds.positions`."""
        return np.hstack([self.chances @ MODE_PLACES, self.rows])


def _mode_places() -> Array:
    causes = [[float(CAUSE_OF[mode] is cause) for cause in Cause] for mode in MODES]
    return np.hstack([APART * np.eye(len(MODES)), CAUSES_APART * np.array(causes)])


MODE_PLACES: Array = _mode_places()
"""Where the modes lie, shape (12, 17): modes of one cause are nearer to each other."""


@lru_cache(maxsize=4)
def kinds_of(encoder: Encoder) -> Kinds:
    """Return every kind, its sentence read by `encoder`."""
    found = [
        (place, feature, text)
        for place, mode in enumerate(MODES)
        for feature, text in _sentences(mode)
    ]
    modes, features, texts = zip(*found, strict=True)
    rows = encoder.encode(texts).astype(float)
    return Kinds(np.array(modes), np.array(features), rows)


def _sentences(mode: Mode) -> list[tuple[int, str]]:
    relations_of = [
        (place, feature.because.replace("{}", "what was asked for"))
        for place, feature in enumerate(FEATURES)
        if feature.speaks.get(mode, 0.0) >= LEAST
    ]
    return [*((-1, text) for text in DESCRIPTIONS[mode]), *relations_of]


def sort(
    cases: Sequence[FailureCase], chances: Array, kinds: Kinds, encoder: Encoder
) -> SortedFailures:
    """Put each failure in its kind: by its note where there is one, else by its relations."""
    holds = relations(cases)
    heard = np.array([_heard(case) for case in cases])
    notes = encoder.encode([case.note.raw for case in cases]).astype(float)
    likely = np.log(np.maximum(chances, NO_CHANCE))[:, kinds.modes]
    said = np.where(kinds.spoken, CLOSENESS * notes @ kinds.rows.T, -np.inf)
    chosen = np.where(heard[:, None], said, _shown(holds, kinds)) + likely
    best = chosen.argmax(axis=1)
    rows = np.where(heard[:, None], notes, kinds.rows[best])
    return SortedFailures(best, holds, rows, chances)


def _heard(case: FailureCase) -> bool:
    return bool(case.note) and (len(case.note.words) >= WORDS or not (case.output or case.expected))


def _shown(holds: Array, kinds: Kinds) -> Array:
    """Return what each kind is worth by relations; a mode's first sentence stands for none."""
    worth = holds[:, kinds.features] * SPEAKS[kinds.features, kinds.modes]
    first = np.diff(kinds.modes, prepend=-1) > 0
    silent = np.where(first, LEAST, -np.inf)
    return np.asarray(np.where(kinds.spoken, silent, np.where(worth >= LEAST, worth, -np.inf)))


def joined(parts: Sequence[SortedFailures]) -> SortedFailures:
    """Put batches together again; at least one."""
    return SortedFailures(
        np.concatenate([part.kinds for part in parts]),
        np.vstack([part.relations for part in parts]),
        np.vstack([part.rows for part in parts]),
        np.vstack([part.chances for part in parts]),
    )
