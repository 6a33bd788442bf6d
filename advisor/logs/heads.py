"""The first rows of a log, from which its format and its columns are recognised."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from advisor.core.streams import Stream
from advisor.core.text import ending, shown
from advisor.errors import InputError, Problem
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.delimited import find_separator
from advisor.importing.formats.json_records import parse
from advisor.importing.tables.headers import above, find_header
from advisor.importing.tables.table import Row, Table, header_names
from advisor.logs.block_rows import HEAD_ROWS, Recipe
from advisor.logs.block_sources import Entries
from advisor.logs.columnar import Columnar
from advisor.logs.text_blocks import Delimited, JsonLines, Piece

_HEAD = 4_000_000
"""Bytes of a text file that are looked at."""
_SNIFFED = 50
_MARKS = {f"sep={mark}": mark for mark in ",;|\t"}


@dataclass(frozen=True)
class LogHead:
    """The first rows and how they were read; the recipe names no columns for fields yet."""

    recipe: Recipe
    table: Table


@dataclass(frozen=True)
class _Text:
    """The first lines of a text file."""

    recipe: Recipe
    lines: Sequence[str]
    notes: tuple[str, ...]


def kind_of(path: Path) -> str:
    """Return the ending of a file's name, in lower case, without .gz."""
    name = path.name[:-3] if path.suffix.lower() == ".gz" else path.name
    return ending(name)


def look(path: Path) -> LogHead | None:
    """Return the first rows of a file whose rows stand alone; None for any other.

    Raises:
        InputError: it cannot be read, or holds no rows.
    """
    found = _LOOKERS[kind_of(path)](path)
    if found and not found.table.rows:
        mend = "Add at least one row below it"
        raise InputError(Problem(shown(path.name), "holds only a header row", mend))
    return found


def _look_at_lines(path: Path) -> LogHead | None:
    text = _text(path, Recipe(kind="lines"))
    lines = [line for line in text.lines[:HEAD_ROWS] if line.strip()] if text else []
    if text is None or len(lines) < 2 or not any(map(_is_object, lines)):
        return None
    source = JsonLines(path, text.recipe)
    return LogHead(text.recipe, _table(source, text.recipe, "JSON lines", text.notes, len(lines)))


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse(line), dict)
    except ValueError:
        return False


def _look_at_cells(path: Path) -> LogHead | None:
    text = _text(path, Recipe(kind="delimited"))
    if text is None:
        return None
    first, recipe = text.lines[0], text.recipe
    mark = _MARKS.get(first.strip("\r\n ").lower())
    tabs = kind_of(path) in {"tsv", "tab"}
    separator = mark or ("\t" if tabs else find_separator(text.lines[:HEAD_ROWS]))
    skipped = len(first.encode(recipe.codec)) if mark else 0
    begin = {"start": recipe.start + skipped, "line": recipe.line + bool(mark)}
    return _below_header(path, recipe.model_copy(update={"separator": separator, **begin}), text)


def _below_header(path: Path, recipe: Recipe, text: _Text) -> LogHead:
    """Find the names of the columns; the rows begin below them."""
    pieces = _first_pieces(path, recipe)
    if not pieces:
        raise InputError(Problem(shown(path.name), "holds no rows", "Choose a file with rows"))
    place = find_header([piece.content for piece in pieces[:_SNIFFED]])
    if place is None:
        width = max(len(piece.content) for piece in pieces)
        recipe = recipe.model_copy(update={"names": header_names([""] * width)})
    else:
        header = pieces[place]
        below = {"start": header.end, "line": header.next_line}
        names = header_names(header.content)
        recipe = recipe.model_copy(update={"names": names, **below})
    table = _table(
        Delimited(path, recipe), recipe, "table", (*text.notes, *above(place)), len(pieces)
    )
    return LogHead(recipe, replace(table, has_header=place is not None))


def _first_pieces(path: Path, recipe: Recipe) -> list[Piece]:
    stream = Stream(path)
    pieces = Delimited(path, recipe).pieces(stream, recipe.start, recipe.line)
    found = [piece for piece in _near(pieces, recipe.start) if not piece.reason]
    stream.close()
    return found


def _near(pieces: Iterator[Piece], start: int) -> Iterator[Piece]:
    """Yield the first pieces, fewer where they are long."""
    for piece in islice(pieces, HEAD_ROWS):
        yield piece
        if piece.end - start >= _HEAD:
            return


def _look_at_columns(path: Path) -> LogHead:
    recipe = Recipe(kind="parquet", export=True)  # which columns are needed is not known yet
    source = Columnar(path, recipe)
    recipe = recipe.model_copy(update={"export": False, "names": source.names})
    return LogHead(recipe, _table(source, recipe, "Parquet", (), min(HEAD_ROWS, source.block)))


def _text(path: Path, recipe: Recipe) -> _Text | None:
    """Return the first lines of a text file; None where lines do not end with a line feed."""
    stream = Stream(path)
    head = stream.head(_HEAD)
    stream.close()
    decoded = decode(head, shown(path.name))
    codec = codecs.lookup(decoded.encoding).name
    if codec.startswith(("utf-16", "utf-32")) or ("\r" in decoded.text and b"\n" not in head):
        return None
    begin = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    lines = decoded.text.split("\n")
    kept = [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
    read = recipe.model_copy(update={"codec": codec, "start": begin})
    return _Text(read, kept, decoded.notes) if kept else None


def _table(
    source: Entries, recipe: Recipe, recognised: str, notes: tuple[str, ...], count: int
) -> Table:
    """Return the first `count` rows as a table."""
    entries = islice(source.entries(recipe.start, None, recipe.line, 1), count)
    rows = [Row(entry.line, entry.record) for entry in entries if entry.record is not None]
    return Table(rows, recognised, (), notes, columns=recipe.names)


_LOOKERS: Mapping[str, Callable[[Path], LogHead | None]] = {
    "jsonl": _look_at_lines,
    "ndjson": _look_at_lines,
    "csv": _look_at_cells,
    "psv": _look_at_cells,
    "tsv": _look_at_cells,
    "tab": _look_at_cells,
    "parquet": _look_at_columns,
}
STREAMED: tuple[str, ...] = tuple(_LOOKERS)
"""Endings of the files that are read row by row."""
