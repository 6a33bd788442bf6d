"""Long documents cut into passages that a search can find and a prompt can hold."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

WHOLE = 1_000
"""Characters up to which a document stays in one piece."""
PASSAGE, OVERLAP = 800, 150
"""Characters of a passage at most, and those it shares with the next one at most.

The default encoder reads 128 tokens of a text, so longer passages would be found by their borders.
"""
_BREAK = re.compile(r"[.!?。！？]+[\"'”’)\]]*\s+|\n+")
_SPACE = re.compile(r"\s+")


def passages(text: str) -> Iterator[str]:
    """Yield `text` in passages that end with a sentence where they can, else between words."""
    if len(text) <= WHOLE:
        yield text
        return
    sentences = [found.end() for found in _BREAK.finditer(text)]
    words = [found.end() for found in _SPACE.finditer(text)]
    start = 0
    while start < len(text):
        end = _end(start, len(text), sentences, words)
        if part := text[start:end].strip():
            yield part
        start = _next(start, end, sentences) if end < len(text) else end


def _end(start: int, length: int, sentences: list[int], words: list[int]) -> int:
    if start + PASSAGE >= length:
        return length
    for ends in (sentences, words):
        place = bisect_right(ends, start + PASSAGE) - 1
        if place >= 0 and ends[place] > start + PASSAGE // 2:
            return ends[place]
    return start + PASSAGE


def _next(start: int, end: int, sentences: list[int]) -> int:
    """Return where the next passage begins: with a sentence that this one ends with."""
    place = bisect_left(sentences, end - OVERLAP)
    begins = sentences[place] if place < len(sentences) else end
    return begins if start < begins < end else end


def plain(text: str) -> str:
    """Return `text` in one width and case, single spaces, without the signs that end a sentence."""
    same = unicodedata.normalize("NFKC", text).casefold()
    joined = " ".join(same.split())
    return joined.rstrip(".!?。！？ ") or joined
