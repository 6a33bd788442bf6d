"""Near-identical failures, which must never stand on both sides of a split."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.registry import Array
from advisor.proposal import Failure

FOLDS = 5
NEAR = 0.7
"""Cosine of rare words from which two failures count as nearly the same."""
_COLUMNS = 4096
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


def near_identical(failures: Sequence[Failure]) -> NDArray[np.int64]:
    """Return a group number for each failure, shape (n,); near-identical ones share one.

    Words that stand in every failure, such as those of one long prompt, count for nothing, and
    all numbers are the same word.
    """
    from scipy.sparse.csgraph import connected_components  # heavy: scipy

    if not failures:
        return np.zeros(0, np.int64)
    rows = _rare_words(failures)
    empty = np.logical_not(rows.any(axis=1))
    close = (rows @ rows.T >= NEAR) | np.outer(empty, empty)
    return np.asarray(connected_components(close, directed=False)[1], np.int64)


def _rare_words(failures: Sequence[Failure]) -> Array:
    counts = np.zeros((len(failures), _COLUMNS), np.float32)
    for place, failure in enumerate(failures):
        counts[place, list(_words(failure))] = 1
    often = np.maximum(counts.sum(axis=0), 1)
    rows = counts * np.log(len(failures) / often)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-6))


def _words(failure: Failure) -> set[int]:
    texts = failure.model_dump(exclude={"id"}, exclude_none=True)
    return {
        zlib.crc32(f"{name}:{word}".encode()) % _COLUMNS
        for name, text in texts.items()
        for word in _WORD.findall(_DIGITS.sub("0", text.casefold()))
    }


def folds(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a fold from 0 to 4 for each row; a group has one, and folds have similar sizes."""
    names, sizes = np.unique(group, return_counts=True)
    filled = np.zeros(FOLDS)
    chosen = {}
    for place in np.argsort(-sizes, kind="stable"):
        fold = int(filled.argmin())
        chosen[int(names[place])] = fold
        filled[fold] += sizes[place]
    return np.array([chosen[int(name)] for name in group], np.int64)
