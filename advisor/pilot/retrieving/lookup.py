"""What to show for each case: documents that may hold the answer, or the nearest examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from advisor.domain.cases import Case, Document
from advisor.models.encoder import Encoder, load_encoder
from advisor.pilot.retrieving.hybrid_search import Index

QUESTION = 4_000
"""Characters of an input that are searched for: its beginning."""


class SearchWatch(NamedTuple):
    """How a search tells how far it is, and learns that it should end."""

    tell: Callable[[int, int], None] = lambda done, total: None
    """Hears how many texts of how many are read."""
    stop: Callable[[], bool] = lambda: False


def nearest_documents(
    documents: Sequence[Document],
    cases: Sequence[Case],
    many: int,
    look: SearchWatch | None = None,
    encoder: Encoder | None = None,
) -> list[tuple[Document, ...]]:
    """Return for each case the documents found by its input, best first.

    After `stop` there are fewer entries than cases.
    """
    texts = [
        f"{document.title}. {document.text}" if document.title else document.text
        for document in documents
    ]
    index, look = _index(texts, look, encoder)
    found = index.search([_question(case) for case in cases], many, stop=look.stop)
    return [tuple(documents[place] for place in places) for places in found]


def nearest_examples(
    examples: Sequence[Case],
    cases: Sequence[Case],
    many: int,
    look: SearchWatch | None = None,
    encoder: Encoder | None = None,
) -> list[tuple[Case, ...]]:
    """Return for each case the examples with the most similar input, best first.

    An example is never shown for itself. After `stop` there are fewer entries than cases.
    """
    index, look = _index([_question(one) for one in examples], look, encoder)

    def itself(case: int, example: int) -> bool:
        return cases[case].id == examples[example].id

    found = index.search([_question(case) for case in cases], many, itself, look.stop)
    return [tuple(examples[place] for place in places) for places in found]


def hit_rate(cases: Sequence[Case], shown: Sequence[Sequence[Document]]) -> float | None:
    """Return the share of cases for which a document that holds the answer was found.

    Only cases whose `gold` is known count; None where it is known of none.
    """
    known = [(case, found) for case, found in zip(cases, shown, strict=False) if case.gold]
    if not known:
        return None
    return sum(not {one.id for one in found}.isdisjoint(case.gold) for case, found in known) / len(
        known
    )


def diverse(texts: Sequence[str], many: int, encoder: Encoder | None = None) -> list[int]:
    """Return places of texts that together are near to all, best first.

    Greedy facility location (Nemhauser, Wolsey and Fisher 1978): each next text is the one that
    brings all others nearest to some chosen one.
    """
    rows = (encoder or load_encoder()).encode(texts)
    near = rows @ rows.T
    reached = np.full(len(texts), -1.0, near.dtype)
    chosen: list[int] = []
    for _ in range(min(many, len(texts))):
        gain = np.maximum(near, reached).sum(axis=1)
        gain[chosen] = -np.inf
        best = int(gain.argmax())
        chosen.append(best)
        reached = np.maximum(reached, near[best])
    return chosen


def _index(
    texts: Sequence[str], look: SearchWatch | None, encoder: Encoder | None
) -> tuple[Index, SearchWatch]:
    look = look or SearchWatch()
    total = len(texts)
    index = Index(texts, encoder or load_encoder(), lambda done: look.tell(done, total), look.stop)
    return index, look


def _question(case: Case) -> str:
    return case.input[:QUESTION]
