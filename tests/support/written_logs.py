"""Logs for the tests: rows of every kind, written in every format."""

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from advisor.logs.block_rows import BlockRows
from advisor.logs.recognise import Opened, open_log

Row = Mapping[str, Any]


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "id": f"c{place}",
            "input": f"When does order {place} arrive?",
            "output": ("soon", "the 3rd of May", "{}", "It was invented in 1820.")[place % 4],
            "expected": f"on the {place % 28 + 1}th",
            "note": "made up a date" if place % 2 else "",
            "created_at": f"2026-0{place % 9 + 1}-11T10:00:00Z",
        }
        for place in range(count)
    ]


def write_lines(path: Path, content: Sequence[Any]) -> Path:
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in content)
    if path.suffix == ".gz":
        with gzip.open(path, "wb") as file:
            file.write(text.encode())
    else:
        path.write_bytes(text.encode())
    return path


def write_cells(path: Path, content: Sequence[Row], separator: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(content[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(content)
    return path


def write_columns(path: Path, content: Sequence[Row], group: int = 7) -> Path:
    table = pyarrow.Table.from_pylist(list(content))
    pyarrow.parquet.write_table(table, path, row_group_size=group)
    return path


def all_rows(opened: Opened) -> BlockRows:
    """Every block put together."""
    found = BlockRows()
    for span in opened.source.spans():
        part = opened.source.read(span)
        found.count += part.count
        found.cases += part.cases
        found.refused += part.refused
        found.left_out += part.left_out
    return found


def read_log(path: Path, block: int = 3, **columns: str) -> BlockRows:
    return all_rows(open_log(path, columns, block))
