"""Text to sentences, each letter for letter as it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE_LIMIT = 600
"""Characters; what is longer is cut at the last blank before."""

_MARK = r"(?:[-*•◦▪–—+>]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|#{1,6}|\|)"
_ITEM = re.compile(rf"^[ \t]*(?:{_MARK}[ \t]+)+")
_END = re.compile(
    r"[.!?…]+[\"'”’»)\]*_]*(?=\s+[\"'“‘«(\[*_]*[A-Z0-9À-Þ])|[.!?…。！？]+[\"'”’»)\]]*\s*$"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|ca|cf|vs|no|nos|fig|eq|sec|st|dr|mr|mrs|ms|prof|inc|ltd|co|corp|jan"
    r"|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|resp|incl|excl|max|min|art|para|p|pp|vol|dept"
    r"|est|tel|etc|u\.s|u\.k|a\.m|p\.m|z\.b|d\.h|bzw|nr)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:no|nos|nr|p|pp|fig|sec|art|vol|eq|para)\.$", re.IGNORECASE)


def split(text: str) -> list[str]:
    """Return the sentences of `text` in order; each is a piece of it, without list marks."""
    return [
        piece for block in _blocks(text) for piece in _sentences(block) if _says_something(piece)
    ]


def _blocks(text: str) -> Iterator[str]:
    """Yield paragraphs, headings and list items; lines wrapped by hand stay together."""
    start = end = None
    place = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        mark = _ITEM.match(line)
        if start is not None and (not stripped or mark or _stands_alone(line)):
            yield text[start:end]
            start = None
        if stripped:
            start = place + (mark.end() if mark else 0) if start is None else start
            end = place + len(line.rstrip())
            if _stands_alone(line):
                yield text[start:end]
                start = None
        place += len(line)
    if start is not None:
        yield text[start:end]


def _stands_alone(line: str) -> bool:
    return line.lstrip().startswith(("#", "|")) or line.rstrip().endswith(":")


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for stop in _END.finditer(block):
        before = block[start : stop.end()]
        if stop.end() < len(block.rstrip()) and _abbreviated(before, block[stop.end() :]):
            continue
        yield from _short(before)
        start = stop.end()
    yield from _short(block[start:])


def _abbreviated(before: str, after: str) -> bool:
    word = before.rsplit(maxsplit=1)[-1].lstrip("(['\"")
    if _NUMBERED.match(word):
        return after.lstrip()[:1].isdigit() or word[0].isupper()
    return bool(_ABBREVIATION.search(word))


def _short(piece: str) -> Iterator[str]:
    piece = piece.strip()
    while len(piece) > SENTENCE_LIMIT:
        cut = piece.rfind(" ", 1, SENTENCE_LIMIT)
        cut = cut if cut > 0 else SENTENCE_LIMIT
        yield piece[:cut].strip()
        piece = piece[cut:].strip()
    yield piece


def _says_something(piece: str) -> bool:
    return any(letter.isalnum() for letter in piece)
