"""Rows from Parquet tables."""

from __future__ import annotations

from advisor.errors import InputError, Problem
from advisor.importing.formats.json_records import table_of
from advisor.importing.formats.subprocess_reader import read_apart
from advisor.importing.tables.table import Table


def read_parquet(data: bytes, where: str) -> Table:
    """Return the rows of a Parquet table; it is read by a process of its own.

    Raises:
        InputError: it is damaged, too large, or has no rows.
    """
    rows = read_apart("parquet", data, where)["rows"]
    if not rows:
        raise InputError(Problem(where, "holds no rows", "Choose a table with rows"))
    return table_of(rows, where, "Parquet")
