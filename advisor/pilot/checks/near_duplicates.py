"""Test cases that stand, nearly word for word, on the training side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.models.encoder import load_encoder
from advisor.pilot.checks.check import quoted
from advisor.pilot.data.passages import plain

MEANING = 0.9
"""Cosine of the embeddings from which two texts mean nearly the same."""
WORDING = 80
"""Ratio of shared words (rapidfuzz, order left out, 0 to 100) from which they are worded alike."""
_WORDS_SHARED = 0.4
"""Cosine of word counts below which no ratio is worked out."""
_NEAREST = 10
_AT_ONCE = 256
_MANY, _MOST = 0.05, 0.5


def near_duplicates(frozen: Frozen) -> dict[str, str]:
    """Return, by id, the test cases with a near copy on the training side, and that copy.

    A near copy has the same words but for a few and means the same; two questions of one form
    with other names in them are none.
    """
    train, test = frozen.data.train, frozen.data.test
    left, right = ([plain(case.input) for case in side] for side in (test, train))
    alike = _worded_alike(left, right)
    if not alike:
        return {}
    encoder = load_encoder()
    rows = encoder.encode([test[one].input for one in alike])
    others = encoder.encode([train[other].input for other in alike.values()])
    cosines = np.einsum("ij,ij->i", rows, others)
    return {
        test[one].id: train[other].id
        for (one, other), cosine in zip(alike.items(), cosines, strict=True)
        if cosine > MEANING
    }


def _worded_alike(left: Sequence[str], right: Sequence[str]) -> dict[int, int]:
    """Return places of texts on the left, and of the text on the right that is most like each."""
    best: dict[int, tuple[float, int]] = {}
    for one, other in _candidates(left, right):
        ratio = fuzz.token_sort_ratio(left[one], right[other], score_cutoff=WORDING)
        if ratio and ratio > best.get(one, (0.0, 0))[0]:
            best[one] = ratio, other
    return {one: other for one, (_, other) in sorted(best.items())}


def _candidates(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield places of texts that share many of their rarer words, the nearest few of each."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # heavy: sklearn

    counts = TfidfVectorizer(analyzer=str.split, sublinear_tf=True, dtype=np.float32)
    counts.fit([*left, *right])
    rows, columns = counts.transform(left), counts.transform(right).T.tocsr()
    for start in range(0, len(left), _AT_ONCE):
        shared = rows[start : start + _AT_ONCE] @ columns
        for one, (begin, end) in enumerate(pairwise(shared.indptr.tolist()), start):
            nearest = np.argsort(-shared.data[begin:end], kind="stable")[:_NEAREST] + begin
            for place in nearest.tolist():
                if shared.data[place] > _WORDS_SHARED:
                    yield one, int(shared.indices[place])


def near(frozen: Frozen) -> Iterator[Finding]:
    """Say how many test cases have a near copy on the training side."""
    found = near_duplicates(frozen)
    if not found:
        return
    share = len(found) / len(frozen.data.test)
    texts = {case.id: case.input for case in (*frozen.data.train, *frozen.data.test)}
    one, other = next(iter(found.items()))
    what = (
        f"{len(found)} of {len(frozen.data.test)} test cases have a near copy on the training "
        f"side, such as {quoted(texts[one])} and {quoted(texts[other])}. Arms that see the "
        "training side (examples, retrieval, classifier, fine-tuning) look better on them than "
        "they will on new cases."
    )
    yield Finding(
        check="near_duplicates",
        severity="note" if share < _MANY else "warning" if share < _MOST else "blocks",
        what=what,
        cases=tuple(found),
    )


_LETTERS = 400_000_000
"""Characters of documents times test cases that are searched; about a second."""


def answers_in_documents(frozen: Frozen) -> Iterator[Finding]:
    """Say whether documents were made of the test: question and wanted answer word for word."""
    documents = [plain(document.text) for document in frozen.data.documents]
    test = frozen.data.test[: _LETTERS // max(1, sum(map(len, documents)))]
    copied = []
    for case in test if documents else ():
        asked, wanted = plain(case.input), plain(case.expected)
        if any(asked in text and wanted in text.replace(asked, "") for text in documents):
            copied.append(case.id)
    if copied:
        what = (
            f"Question and wanted answer of {len(copied)} of {len(test)} test cases stand word "
            "for word in the documents. If the documents were made of the test cases, retrieval "
            "looks better than it is."
        )
        yield Finding(
            check="near_duplicates",
            severity="warning" if len(copied) > _MANY * len(test) else "note",
            what=what,
            cases=tuple(copied),
        )
