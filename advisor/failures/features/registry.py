"""Every feature of a failure in one list, and the numbers they give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.case import FailureCase, Feature
from advisor.failures.features.conduct import CONDUCT
from advisor.failures.features.facts import FACTS
from advisor.failures.features.form import FORM
from advisor.failures.features.lexicons import GROUNDS, NOTE
from advisor.vocabulary import Mode

VERSION = 4
"""Raise it whenever a feature changes its meaning: a head belongs to one version."""
MODES = tuple(Mode)
FEATURES: tuple[Feature, ...] = (*FACTS, *FORM, *CONDUCT)
FAMILIES = tuple(NOTE)
PARTS = ("input", "output", "expected", "note", "context")

Array = NDArray[np.float64]


def _says(feature: Feature) -> list[float]:
    return [feature.speaks.get(mode, 0.0) for mode in MODES]


SPEAKS: Array = np.array([_says(feature) for feature in FEATURES])
"""What each feature says before training, shape (features, modes)."""


def relations(cases: Sequence[FailureCase]) -> Array:
    """Return how much each feature holds, shape (cases, features), 0 to 1.5."""
    values = [[float(feature.value(case)) for feature in FEATURES] for case in cases]
    return np.array(values).reshape(len(cases), len(FEATURES))


def presence(cases: Sequence[FailureCase]) -> Array:
    """Return which parts are there, shape (cases, 5): input, output, expected, note, context."""
    values = [[float(bool(getattr(case, part))) for part in PARTS] for case in cases]
    return np.array(values).reshape(len(cases), len(PARTS))


def complaints(cases: Sequence[FailureCase]) -> Array:
    """Return how strongly each note speaks of each family of complaint, shape (cases, families)."""
    values = [
        [min(len(NOTE[name].findall(case.note.raw[:2000])), 2) / 2 for name in FAMILIES]
        for case in cases
    ]
    return np.array(values).reshape(len(cases), len(FAMILIES))


def groundless(cases: Sequence[FailureCase]) -> Array:
    """Return which lack all ground for a mode of `GROUNDS`, shape (cases, modes there).

    They have no passage, and their note speaks of none.
    """
    values = [
        [float(not (case.passage or ground.search(case.note.raw))) for ground in GROUNDS.values()]
        for case in cases
    ]
    return np.array(values).reshape(len(cases), len(GROUNDS))
