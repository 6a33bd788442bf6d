"""The wording of a note as numbers: which words and pieces of words it holds."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SIZE = 1 << 13
"""Places; two pieces that share one by chance are told apart by the others around them."""
READ = 1_500
"""Characters of a note that are looked at."""
_WORD = re.compile(r"\w+")

Row = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Places in order, and the weight of each; the weights have length 1."""


def pieces(text: str) -> Iterator[str]:
    """Yield words, pairs of neighbouring words, and the pieces of three to five letters in them."""
    words = _WORD.findall(text[:READ].lower())
    yield from (f"={word}" for word in words)
    yield from (f"={first} {second}" for first, second in zip(words, words[1:], strict=False))
    for word in (f" {word[:30]} " for word in words):
        for length in (3, 4, 5):
            for start in range(len(word) - length + 1):
                yield word[start : start + length]


def row(text: str) -> Row:
    """Return where the pieces of `text` fall and how much each weighs: 1 + ln(count), scaled."""
    counts = Counter(zlib.crc32(piece.encode()) % SIZE for piece in pieces(text))
    places = np.array(sorted(counts), np.int64)
    weights = 1 + np.log(np.array([counts[place] for place in places.tolist()], float))
    return places, weights / max(float(np.linalg.norm(weights)), 1.0)


def scores(rows: Sequence[Row], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each row times `weights` (SIZE, modes), shape (rows, modes)."""
    sums = [values @ weights[places] for places, values in rows]
    return np.array(sums).reshape(len(rows), weights.shape[1])
