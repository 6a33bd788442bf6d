"""Rows from text with separators: CSV, TSV and their relatives."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from advisor.core.files import FILE_LIMIT
from advisor.errors import InputError, Problem
from advisor.importing.tables.headers import above, find_header
from advisor.importing.tables.import_result import Rejected
from advisor.importing.tables.table import Row, Table, check_rows, header_names
from advisor.proposal import FAILURE_LIMIT

# The csv module stops at 131,072 characters; a longer cell must cost its row, not the file.
csv.field_size_limit(FILE_LIMIT)

_SEPARATORS = {",": "CSV", "\t": "TSV", ";": "CSV separated by ;", "|": "CSV separated by |"}
_SNIFFED = 50
_RECOVERIES = 20
_Cells = list[str]


def read_delimited(text: str, where: str, separator: str | None = None) -> Table:
    """Return the rows of `text`; the separator is found where none is given.

    Raises:
        InputError: there is no row, or there are too many.
    """
    lines = list(io.StringIO(text, newline=""))
    first = 0
    if lines and lines[0].strip().lower() in {f"sep={mark}" for mark in _SEPARATORS}:
        separator, first = lines[0].strip()[-1], 1
    separator = separator or find_separator(lines)
    rejected: list[Rejected] = []
    found = _records(lines, first, separator, rejected)
    records = list(islice(found, FAILURE_LIMIT + 2))
    check_rows(where, len(records) - 1)
    if not records:
        raise InputError(Problem(where, "holds no rows", "Choose a file with a header and rows"))
    return _table(records, rejected, _SEPARATORS[separator], where)


def find_separator(lines: Sequence[str]) -> str:
    """Return the separator that cuts the first rows most evenly into at least two columns."""
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        counts = Counter(len(row) for row in csv.reader(lines[:_SNIFFED], delimiter=separator))
        counts.pop(0, None)
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (rows / max(1, counts.total()), width)
        if width > 1 and score > best_score:
            best, best_score = separator, score
    return best


def _records(
    lines: Sequence[str], first: int, separator: str, rejected: list[Rejected]
) -> Iterator[tuple[int, _Cells]]:
    """Give each record that is not blank, with its line; a quote never closed costs one line."""
    for attempt in range(_RECOVERIES + 1):
        start, unclosed = first, False
        reader = csv.reader(lines[first:], delimiter=separator)
        for cells in reader:
            end = first + reader.line_num
            unclosed = end == len(lines) and _is_unclosed(lines[start:end])
            if unclosed:
                break
            if any(cell.strip() for cell in cells):
                yield start + 1, cells
            start = end
        if not unclosed:
            return
        rejected.append(Rejected(line=start + 1, reason='a quote (") opens here and never closes'))
        first = start + 1 if attempt < _RECOVERIES else len(lines)


def _is_unclosed(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and sum(line.count('"') for line in lines) % 2 == 1


def _table(
    records: list[tuple[int, _Cells]], rejected: list[Rejected], label: str, where: str
) -> Table:
    place = find_header([cells for _, cells in records[:_SNIFFED]])
    header = records[place][1] if place is not None else None
    width = len(header) if header else max(len(cells) for _, cells in records)
    names = header_names(header or [""] * width)
    body = records if place is None else records[place + 1 :]
    if not body and not rejected:
        raise InputError(Problem(where, "holds only a header row", "Add at least one row below it"))
    rows = []
    for line, cells in body:
        if any(cell.strip() for cell in cells[width:]):
            reason = f"has {len(cells)} cells where the header has {width}; put text in quotes"
            rejected.append(Rejected(line=line, reason=reason))
        else:
            rows.append(Row(line, dict(zip(names, cells, strict=False))))
    return Table(
        rows=rows,
        recognised=f"{label} with {width} column{'s' * (width != 1)}",
        rejected=tuple(rejected),
        columns=names,
        notes=above(place),
        has_header=header is not None,
    )
