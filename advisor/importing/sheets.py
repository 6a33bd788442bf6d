"""Rows from Excel and OpenDocument sheets."""

from __future__ import annotations

from typing import Any

from advisor.errors import InputError, Problem
from advisor.importing.apart import check_unpacked, read_apart
from advisor.importing.delimited import looks_like_header
from advisor.importing.table import Row, Table, check_rows, header_names
from advisor.importing.values import as_text

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_sheet(data: bytes, where: str) -> Table:
    """Return the rows of the first sheet that has any.

    Raises:
        InputError: it is damaged, locked, too large, or has no rows.
    """
    if not data.startswith(_OLD_OFFICE):
        check_unpacked(data, where)
    found = read_apart("sheet", data, where)
    records: list[tuple[int, list[Any]]] = found["rows"]
    first = [as_text(cell) for cell in records[0][1]]
    has_header = looks_like_header(first)
    names = header_names((first if has_header else []) + [""] * (found["width"] - len(first)))
    body = records[1:] if has_header else records
    check_rows(where, len(body))
    if not body:
        raise InputError(Problem(where, "holds only a header row", "Add at least one row below it"))
    others = ", ".join(found["others"])[:200]
    return Table(
        rows=[Row(line, dict(zip(names, cells, strict=False))) for line, cells in body],
        recognised=f"sheet {found['sheet']!r} with {len(names)} columns",
        notes=(f"Only this sheet was read; not read: {others}.",) if others else (),
        sheet=found["sheet"],
        columns=names,
        has_header=has_header,
    )
