"""Hybrid search: by meaning (an encoder) and by words (BM25), the two rankings fused.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. Equal scores come in the order of
the texts, so the same texts and question always give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from advisor.models.encoder import Encoder, Rows

FUSION = 60.0
"""The constant of reciprocal rank fusion: how little the first ranks differ."""
POOL = 50
"""Texts of each ranking that are fused."""
STEP = 256
"""Texts that are encoded, or questions that are asked, between two looks at `stop`."""

Places = NDArray[np.intp]
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_぀-ヿ㐀-鿿가-힯]+")


class Index:
    """Texts that can be searched."""

    def __init__(
        self,
        texts: Sequence[str],
        encoder: Encoder,
        tell: Callable[[int], None] = lambda done: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Read the texts; `tell` hears how many are done. After `stop` the index is unfinished."""
        self._encoder = encoder
        self._rows = _encoded(texts, encoder, tell, stop)
        self._words = _bm25([_words(text) for text in texts])

    def search(
        self,
        questions: Sequence[str],
        many: int,
        barred: Callable[[int, int], bool] = lambda question, text: False,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[int, ...]]:
        """Yield for each question the places of the best texts, best first, `many` at most.

        Args:
            questions: what to look for.
            many: how many texts.
            barred: whether a text (second) may not be shown for a question (first), by places.
            stop: asked now and then; when true the search ends early.
        """
        for start in range(0, len(questions), STEP):
            if stop():
                return
            asked = questions[start : start + STEP]
            for place, (near, alike) in enumerate(self._rankings(asked), start):
                free = [[t for t in one if not barred(place, t)] for one in (near, alike)]
                yield _fused(free)[:many]

    def _rankings(self, questions: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
        near = self._encoder.encode(questions) @ self._rows.T
        for question, closeness in zip(questions, near, strict=True):
            yield _best(closeness), self._by_words(question)

    def _by_words(self, question: str) -> list[int]:
        words = _words(question)
        if self._words is None or not words:
            return []
        scores = self._words.get_scores(words)
        return [place for place in _best(scores) if scores[place] > 0]


def _encoded(
    texts: Sequence[str], encoder: Encoder, tell: Callable[[int], None], stop: Callable[[], bool]
) -> Rows:
    parts = []
    for start in range(0, len(texts), STEP):
        if stop():
            break
        parts.append(encoder.encode(texts[start : start + STEP]))
        tell(min(start + STEP, len(texts)))
    return np.concatenate(parts) if parts else encoder.encode([])


def _bm25(texts: Sequence[list[str]]) -> BM25 | None:
    if not any(texts):
        return None
    index = BM25()
    index.index(list(texts), show_progress=False)
    return index


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _best(scores: NDArray[np.floating]) -> list[int]:
    """Return the places of the highest scores, equal ones in their order."""
    if len(scores) > POOL:
        edge = np.partition(scores, -POOL)[-POOL]
        places = np.flatnonzero(scores >= edge)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")
    return [int(place) for place in places[order][:POOL]]


def _fused(rankings: Sequence[Sequence[int]]) -> tuple[int, ...]:
    worth: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            worth[place] = worth.get(place, 0.0) + 1 / (FUSION + rank)
    return tuple(sorted(worth, key=lambda place: (-worth[place], place)))
