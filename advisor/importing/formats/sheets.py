"""Rows from Excel and OpenDocument sheets."""

from __future__ import annotations

from typing import Any

from advisor.errors import InputError, Problem
from advisor.importing.formats.json_records import table_of
from advisor.importing.formats.subprocess_reader import check_unlocked, check_unpacked, read_apart
from advisor.importing.tables.headers import above, find_header
from advisor.importing.tables.table import Row, Table, as_text, check_rows, header_names

_HEADER_ROWS = 20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_sheet(data: bytes, where: str) -> Table:
    """Return the rows of the first sheet that has any.

    Raises:
        InputError: it is damaged, locked, too large, or has no rows.
    """
    check_unlocked(data, where)
    if not data.startswith(_OLD_OFFICE):
        check_unpacked(data, where)
    found = read_apart("sheet", data, where)
    records: list[tuple[int, list[Any]]] = found["rows"]
    first = [[as_text(cell) for cell in cells] for _, cells in records[:_HEADER_ROWS]]
    place = find_header(first)
    header = first[place] if place is not None else []
    names = header_names(header + [""] * (found["width"] - len(header)))
    body = records if place is None else records[place + 1 :]
    check_rows(where, len(body))
    if not body:
        raise InputError(Problem(where, "holds only a header row", "Add at least one row below it"))
    others = ", ".join(found["others"])[:200]
    return Table(
        rows=[Row(line, dict(zip(names, cells, strict=False))) for line, cells in body],
        recognised=f"sheet {found['sheet']!r} with {len(names)} columns",
        notes=above(place) + ((f"Sheets that were not read: {others}.",) if others else ()),
        sheet=found["sheet"],
        columns=names,
        has_header=place is not None,
    )


def read_parquet(data: bytes, where: str) -> Table:
    """Return the rows of a Parquet table; it is read by a process of its own.

    Raises:
        InputError: it is damaged, too large, or has no rows.
    """
    rows = read_apart("parquet", data, where)["rows"]
    if not rows:
        raise InputError(Problem(where, "holds no rows", "Choose a table with rows"))
    return table_of(rows, where, "Parquet")
