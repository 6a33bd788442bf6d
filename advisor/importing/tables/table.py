"""Rows as a format gives them, before anybody knows what they mean, and their cells as text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.core.text import storable
from advisor.errors import InputError, Problem
from advisor.importing.tables.import_result import Rejected
from advisor.proposal import FAILURE_LIMIT

COLUMN_LIMIT = 200
"""Columns of one file; the rest are left out."""


@dataclass(frozen=True)
class Row:
    """One record and the line it stands on (place in the list for JSON), from 1."""

    line: int
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """All rows of one file."""

    rows: Sequence[Row]
    recognised: str
    """The format in plain words."""
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    columns: tuple[str, ...] = ()
    """Names in the order of the file; empty where rows name their own fields."""
    has_header: bool = True


def check_rows(where: str, count: int) -> None:
    """Refuse more rows than one proposal may hold.

    Raises:
        InputError: with the count and the limit.
    """
    if count > FAILURE_LIMIT:
        raise InputError(
            Problem(
                where,
                f"has more than {FAILURE_LIMIT:,} rows, the limit",
                "Split it, or keep a random sample of the rows",
            )
        )


def header_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return one name for each of the first columns; repeated names get a number."""
    names: dict[str, None] = {}
    for place, cell in enumerate(cells[:COLUMN_LIMIT], start=1):
        base = storable(" ".join(cell[:1000].split())[:200]) or f"Column {place}"
        name, copy = base, 2
        while name in names:
            name, copy = f"{base} ({copy})", copy + 1
        names[name] = None
    return tuple(names)


def as_text(value: Any) -> str:
    """Return a cell as text: nested JSON compact, missing values and NaN as nothing.

    Raises:
        ValueError: the value is nested too deep to be written down.
    """
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return compact(value)


def compact(value: Any) -> str:
    """Return `value` as JSON on one line.

    Raises:
        ValueError: it is nested too deep.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise ValueError("is nested too deep to be read") from None
