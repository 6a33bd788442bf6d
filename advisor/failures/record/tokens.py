"""A whole failure as one row of tokens: each part under its mark, the ends of long ones kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tokenizers import Tokenizer

from advisor.failures.features.case import FailureCase
from advisor.models.encoder import default_folder
from advisor.models.word_pieces import word_pieces

MOST = 224
"""Tokens of all parts together, marks not counted; an answer of two pages has 1,000."""
MAX_CHARACTERS = 2_400
"""A longer part is cut in the middle before it is split into tokens, which is the slow part."""
START, END = 101, 102
"""The tokens that begin a row and end a part."""


@dataclass(frozen=True)
class RecordPart:
    """One part of a failure, what marks it, and how many tokens it may have before others do."""

    name: str
    mark: str
    head: int
    tail: int

    @property
    def share(self) -> int:
        """How many tokens it is sure of."""
        return self.head + self.tail


RECORD_PARTS = (
    RecordPart("input", "request :", 40, 32),
    RecordPart("context", "source :", 32, 16),
    RecordPart("output", "answer :", 48, 36),
    RecordPart("expected", "wanted :", 36, 12),
    RecordPart("note", "comment :", 60, 20),
)
"""In the order in which they stand in a row; number 0 in `RecordTokens.parts` is the start."""
KINDS = len(RECORD_PARTS) + 1
"""What means are taken of: the whole row, then each part."""
FIRST = ("output", "input", "context", "note", "expected")
"""Who takes what others leave."""


@dataclass(frozen=True)
class RecordTokens:
    """One failure as it is read."""

    ids: list[int]
    parts: list[int]
    """For each token, which part it belongs to: its place in `RECORD_PARTS` plus 1."""


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    return word_pieces(default_folder())


def pieces(text: str) -> list[int]:
    """Return the tokens of one part, without the ends that a text has."""
    half = MAX_CHARACTERS // 2
    cut = text if len(text) <= MAX_CHARACTERS else f"{text[:half]} … {text[-half:]}"
    return list(_tokenizer().encode(cut, add_special_tokens=False).ids)


@lru_cache(maxsize=8)
def _mark(words: str) -> tuple[int, ...]:
    return tuple(pieces(words))


def shared_out(sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many tokens each part gets, at most `MOST` in all.

    Each is first given its share; what is over goes to the parts in the order of `FIRST`. Where
    the shares alone are too many, the largest gives way.
    """
    got = {part.name: min(sizes.get(part.name, 0), part.share) for part in RECORD_PARTS}
    while sum(got.values()) > MOST:
        got[max(got, key=got.__getitem__)] -= 8
    for name in FIRST:
        got[name] += min(MOST - sum(got.values()), sizes.get(name, 0) - got[name])
    return got


def row(texts: Mapping[str, Sequence[int]]) -> RecordTokens:
    """Return the row of one failure, given the tokens of those of its parts that are there."""
    got = shared_out({name: len(ids) for name, ids in texts.items()})
    ids, parts = [START], [0]
    for place, part in enumerate(RECORD_PARTS, start=1):
        if texts.get(part.name):
            kept = _ends(texts[part.name], got[part.name], part)
            ids += [*_mark(part.mark), *kept, END]
            parts += [place] * (len(ids) - len(parts))
    return RecordTokens(ids, parts)


def _ends(ids: Sequence[int], size: int, part: RecordPart) -> list[int]:
    if len(ids) <= size:
        return list(ids)
    tail = size * part.tail // part.share
    return [*ids[: size - tail], *_mark("..."), *ids[len(ids) - tail :]]


def rows_of(cases: Sequence[FailureCase]) -> list[RecordTokens]:
    """Return one row a failure."""
    return [
        row({
            part.name: pieces(getattr(case, part.name).raw)
            for part in RECORD_PARTS
            if getattr(case, part.name)
        })
        for case in cases
    ]
