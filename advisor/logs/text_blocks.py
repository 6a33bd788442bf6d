"""Text files cut into rows and blocks."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.streams import LINE_LIMIT, RawLine, Stream
from advisor.core.text import storable
from advisor.importing.formats.json_records import parse
from advisor.logs.block_rows import BLOCK_BYTES, SHOWN, Recipe, RowEntry, Span

RECORD_LIMIT = 5_000_000
"""Bytes of one row in a table; a quote that is still open then is taken for a mistake."""
_TOO_LONG = f"is longer than {LINE_LIMIT // 1_000_000} MB"


@dataclass(frozen=True)
class Piece:
    """One row before it is parsed: where it begins and ends, and its cells or its bytes."""

    line: int
    next_line: int
    end: int
    content: Any
    reason: str = ""


class Pieces(ABC):
    """A text file that can be read from the start of any block."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        """Read `path` as `recipe` says."""
        self._path = path
        self._recipe = recipe
        self._stream: Stream | None = None

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies; nothing is kept of it."""
        stream = Stream(self._path)
        start, line, row, count = self._recipe.start, self._recipe.line, 1, 0
        index, piece = 0, None
        for piece in self.pieces(stream, start, line):
            count += 1
            if count == self._recipe.block or piece.end - start >= BLOCK_BYTES:
                yield Span(index, start, piece.end, row, line, stream.share())
                start, line, row, count = piece.end, piece.next_line, row + count, 0
                index += 1
        if piece and count:
            yield Span(index, start, piece.end, row, line, 1.0)
        stream.close()

    def entries(self, start: int, end: int | None, line: int, row: int) -> Iterator[RowEntry]:
        """Yield the rows between two bytes of the file."""
        # one stream for all blocks: in a packed file only the way forward is short
        self._stream = self._stream or Stream(self._path)
        for number, piece in enumerate(self.pieces(self._stream, start, line), row):
            yield self._entry(number, piece)
            if piece.end == end:
                return

    @abstractmethod
    def pieces(self, stream: Stream, start: int, line: int) -> Iterator[Piece]:
        """Yield the rows from a byte on that are not blank."""

    @abstractmethod
    def _entry(self, row: int, piece: Piece) -> RowEntry:
        """Parse one row."""

    def text(self, raw: bytes) -> str:
        """Return bytes as text; what is not valid shows as a replacement character."""
        return raw.decode(self._recipe.codec, "replace")


class JsonLines(Pieces):
    """One JSON object a line."""

    def pieces(self, stream: Stream, start: int, line: int) -> Iterator[Piece]:
        """Yield the lines that are not blank."""
        for found in stream.lines(start, line):
            if found.raw.strip():
                reason = _TOO_LONG if found.too_long else ""
                yield Piece(found.number, found.number + 1, found.end, found.raw, reason)

    def _entry(self, row: int, piece: Piece) -> RowEntry:
        text = self.text(piece.content[: SHOWN * 4])[:SHOWN].strip()
        record, reason = (None, piece.reason) if piece.reason else self._parsed(piece.content)
        return RowEntry(row, piece.line, record, text, reason)

    def _parsed(self, raw: bytes) -> tuple[dict[str, Any] | None, str]:
        try:
            found = parse(self.text(raw))
        except json.JSONDecodeError as error:
            return None, f"is not JSON ({error.msg}, character {error.colno})"
        except ValueError as error:
            return None, str(error)
        if isinstance(found, dict) and found:
            return {storable(name)[:200]: value for name, value in found.items()}, ""
        if isinstance(found, str) and found.strip():
            return {"note": found}, ""
        return None, "is not an object such as {…} with fields"


class Delimited(Pieces):
    """Cells between separators, which may be quoted and then span lines."""

    def pieces(self, stream: Stream, start: int, line: int) -> Iterator[Piece]:
        """Yield the rows that are not blank; a quote that never closes costs its line."""
        while True:
            feed = _Feed(self, stream.lines(start, line))
            piece = None
            for piece in _records(feed, self._recipe.separator):
                if piece.reason or any(cell.strip() for cell in piece.content):
                    yield piece
            if piece is None or not feed.unclosed:
                return
            start, line = piece.end, piece.next_line

    def _entry(self, row: int, piece: Piece) -> RowEntry:
        cells: Sequence[str] = piece.content
        width, reason = len(self._recipe.names), piece.reason
        text = self._recipe.separator.join(cell[:SHOWN] for cell in cells[:20])[:SHOWN]
        if not reason and any(cell.strip() for cell in cells[width:]):
            reason = f"has {len(cells)} cells where the header has {width}; put text in quotes"
        record = None if reason else dict(zip(self._recipe.names, cells, strict=False))
        return RowEntry(row, piece.line, record, text, reason)


class _Feed:
    """Hands lines to the CSV reader and remembers where the row in hand began."""

    def __init__(self, source: Pieces, lines: Iterator[RawLine]) -> None:
        self.text = source.text
        self._lines = lines
        self.ended = self.unclosed = False
        self.row: list[RawLine] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.row and self.row[-1].end - self.row[0].end > RECORD_LIMIT:
            self.unclosed = True
            raise StopIteration
        line = next(self._lines, None)
        if line is None:
            # what is still open at the end of the file never closes
            marks = sum(one.raw.count(b'"') for one in self.row)
            self.unclosed = len(self.row) > 1 and marks % 2 == 1
            raise StopIteration
        self.row.append(line)
        return self.text(line.raw)


def _records(feed: _Feed, separator: str) -> Iterator[Piece]:
    """Yield rows until the end, or until a quote that never closes: its line is the last one."""
    reader = csv.reader(feed, delimiter=separator)
    while not feed.unclosed:
        feed.row.clear()
        cells, reason = _next(reader)
        if cells is None or not feed.row:
            return
        first, last = feed.row[0], feed.row[-1]
        if feed.unclosed:
            text = feed.text(first.raw)
            why = 'a quote (") opens here and never closes'
            yield Piece(first.number, first.number + 1, first.end, [text], why)
        else:
            too_long = any(line.too_long for line in feed.row)
            why = _TOO_LONG if too_long else reason
            yield Piece(first.number, last.number + 1, last.end, cells, why)


def _next(reader: Iterator[list[str]]) -> tuple[list[str] | None, str]:
    try:
        return next(reader, None), ""
    except csv.Error:
        return [], "is not a row of this table: its line ends are mixed or a cell is too long"
