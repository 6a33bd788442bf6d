"""The results as one file: JSON lines or Parquet, there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from advisor.errors import InputError, Problem
from advisor.logs.block_reading import REFUSED
from advisor.logs.checkpoint import Parts
from advisor.vocabulary import Mode


def check_out(out: Path, file: Path) -> None:
    """Refuse a place for the results before anything is read.

    Raises:
        InputError: its ending names no format, it is a folder, or it is the log itself.
    """
    if out.suffix.lower() not in WRITERS:
        mend = f"Use {' or '.join(WRITERS)}"
        raise InputError(Problem(str(out), "does not end in a format that is written", mend))
    if out.is_dir():
        raise InputError(Problem(str(out), "is a folder", "Add the name of a file"))
    if out.exists() and out.samefile(file):
        raise InputError(Problem(str(out), "is the log itself", "Give another name"))


def refused_path(out: Path) -> Path:
    """Return where the rows go that could not be read."""
    return out.with_name(f"{out.stem}.rejected.csv")


def parts_path(out: Path) -> Path:
    """Return the folder that holds finished blocks until all are."""
    return out.with_name(f"{out.stem}.part")


def write_results_file(parts: Parts, count: int, out: Path) -> None:
    """Join the finished blocks.

    Raises:
        InputError: the disk is full, or the place cannot be written; the blocks are kept.
    """
    _write(parts, out, lambda file: WRITERS[out.suffix.lower()](parts, count, file))


def write_refused(parts: Parts, count: int, path: Path) -> None:
    """Write the rows that could not be read, with their reason.

    Raises:
        InputError: the disk is full, or the place cannot be written.
    """
    header = io.StringIO(newline="")
    csv.writer(header).writerow(REFUSED)

    def write(file: BinaryIO) -> None:
        file.write(header.getvalue().encode())
        parts.join("csv", count, file)

    _write(parts, path, write)


def _write(parts: Parts, path: Path, write: Callable[[BinaryIO], None]) -> None:
    joined = parts.folder / "joined"
    try:
        with joined.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        joined.replace(path)
    except OSError as error:
        mend = "Make room or give another place, then run the same command again"
        raise InputError(Problem(str(path), f"cannot be written: {error.strerror}", mend)) from None


def _join_lines(parts: Parts, count: int, file: BinaryIO) -> None:
    parts.join("jsonl", count, file)


def _join_columns(parts: Parts, count: int, file: BinaryIO) -> None:
    """Write one row group a block; each probability is a column, `p_format` to `p_system`."""
    shares = [(f"p_{mode}", pyarrow.float64()) for mode in Mode]
    texts = [(name, pyarrow.string()) for name in ("id", "mode", "cause")]
    last = [("abstained", pyarrow.bool_()), ("why", pyarrow.string())]
    schema = pyarrow.schema([*texts, *shares, *last])
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for index in range(count):
            rows = [_flat(json.loads(line)) for line in parts.results(index).splitlines()]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    shares = record.pop("probabilities")
    return record | {f"p_{mode}": share for mode, share in shares.items()}


WRITERS: Mapping[str, Callable[[Parts, int, BinaryIO], None]] = {
    ".jsonl": _join_lines,
    ".parquet": _join_columns,
}
"""What writes results, by the ending of the file."""
