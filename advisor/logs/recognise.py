"""How a log is read: which column holds what, row by row or as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.files import FILE_LIMIT, plain_size
from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.importing import ENDINGS, Import
from advisor.importing.exports.registry import OWN_CSV, find_shape
from advisor.importing.tables.columns import TEXTS, checked, column_names, propose
from advisor.importing.tables.dates import when
from advisor.importing.tables.table import Table
from advisor.logs.block_rows import BLOCK_ROWS, BlockSource, Recipe
from advisor.logs.block_sources import Entries, RowFailures, Whole, read_whole
from advisor.logs.columnar import Columnar
from advisor.logs.heads import STREAMED, LogHead, kind_of, look
from advisor.logs.text_blocks import Delimited, JsonLines
from advisor.proposal import FAILURE_LIMIT

DATE = "date"
"""What a person calls the column that says when it happened."""
_STEPS = "Steps that stand on lines of their own are not joined to their case in a file this large."


@dataclass(frozen=True)
class Opened:
    """A file, how it is read, and what a person should know about that."""

    source: BlockSource
    recipe: Recipe
    notes: tuple[str, ...]


def open_log(path: Path, columns: Mapping[str, str], block: int = BLOCK_ROWS) -> Opened:
    """Recognise a file by its first rows.

    Args:
        path: JSON lines, CSV or TSV, each perhaps packed (.gz), Parquet, or what the importer
            takes.
        columns: field of a failure, or `date`, to the column that a person named for it.
        block: rows in one block.

    Raises:
        InputError: it cannot be read, or no column says what went wrong.
    """
    check_kind(path)
    head = look(path) if kind_of(path) in STREAMED else None
    if head is None:
        return _open_whole(path, columns, block)
    head = LogHead(head.recipe.model_copy(update={"block": block}), head.table)
    shape = None if columns else find_shape(head.table)
    if shape is None:
        return _open_table(path, head, columns)
    if shape is not OWN_CSV and _fits_whole(path):
        return _open_whole(path, columns, block)
    recipe = head.recipe.model_copy(update={"export": True})
    notes = () if shape is OWN_CSV else (f"Recognised as {shape.recognised}. {_STEPS}", shape.note)
    return Opened(source_of(path, recipe), recipe, (*head.table.notes, *filter(None, notes)))


def source_of(path: Path, recipe: Recipe) -> BlockSource:
    """Return the file at `path`, to be read as `recipe` says."""
    if recipe.kind == "whole":
        return Whole(path, recipe)
    return RowFailures(_FORMATS[recipe.kind](path, recipe), recipe)


_FORMATS: Mapping[str, Callable[[Path, Recipe], Entries]] = {
    "lines": JsonLines,
    "delimited": Delimited,
    "parquet": Columnar,
}


def check_kind(path: Path) -> None:
    """Refuse a file that is none, or whose ending is unknown.

    Raises:
        InputError: with the endings that are read.
    """
    plain_size(path)
    kind, packed = kind_of(path), path.suffix.lower() == ".gz"
    if kind in STREAMED and not (packed and kind == "parquet"):
        return
    if kind not in ENDINGS or packed:
        endings = ", ".join(dict.fromkeys([*STREAMED, *ENDINGS]))
        mend = f"Use a file that ends in {endings}; jsonl, csv and tsv may be packed as .gz"
        raise InputError(Problem(shown(path.name), "is of a kind that is not read here", mend))


def _fits_whole(path: Path) -> bool:
    """Tell whether the importer takes the file; it joins the steps of a trace."""
    if path.suffix.lower() == ".gz" or kind_of(path) == "parquet":
        return False
    if path.stat().st_size > FILE_LIMIT:
        return False
    with path.open("rb") as file:
        return sum(1 for _ in file) <= FAILURE_LIMIT


def _open_whole(path: Path, columns: Mapping[str, str], block: int) -> Opened:
    found = read_whole(path, {})
    given = {field: name for field, name in columns.items() if field != DATE}
    if given:
        names = [column.name for column in found.columns]
        mapping = checked(_merged(found.mapping, given), names, shown(path.name))
        found = read_whole(path, mapping)
    recipe = Recipe(kind="whole", block=block, mapping=found.mapping if given else {})
    return Opened(Whole(path, recipe, found), recipe, (*found.notes, *_guess(found)))


def _guess(found: Import) -> tuple[str, ...]:
    return (_told(found.mapping, False),) if found.needs_mapping else ()


def _open_table(path: Path, head: LogHead, columns: Mapping[str, str]) -> Opened:
    names, where = column_names(head.table), shown(path.name)
    proposed = propose(head.table, names)
    given = {field: name for field, name in columns.items() if field != DATE}
    mapping = checked(_merged(proposed.mapping, given), names, where) if given else proposed.mapping
    if not mapping.keys() & set(TEXTS):
        mend = f"Name it: --column output=NAME. The columns are {', '.join(names)}"[:300]
        raise InputError(Problem(where, "no column says what went wrong", mend))
    date = _date_column(head.table, names, columns.get(DATE), where)
    recipe = head.recipe.model_copy(update={"mapping": mapping, "date": date})
    used: dict[Any, str] = {**mapping, **({DATE: date} if date else {})}
    told = _told(used, proposed.certain or bool(given))
    return Opened(source_of(path, recipe), recipe, (*head.table.notes, told))


def _merged(proposed: Mapping[Any, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the proposed columns, but for what a person said; no column counts twice."""
    left = {field: name for field, name in proposed.items() if name not in given.values()}
    return {**left, **given}


def _date_column(table: Table, names: tuple[str, ...], given: str | None, where: str) -> str | None:
    """Return the column that says when it happened, as a person named it or the importer reads it.

    Raises:
        InputError: there is no column of that name.
    """
    if given is not None:
        if given not in names:
            mend = f"Choose from {', '.join(names)}"[:300]
            raise InputError(Problem(where, f"there is no column {given[:80]!r}", mend))
        return given
    for row in table.rows:
        if (moment := when(row.record)) is not None:
            return next(name for name in names if when({name: row.record.get(name)}) == moment)
    return None


def _told(mapping: Mapping[Any, str], certain: bool) -> str:
    taken = ", ".join(f"{field} from {column!r}" for field, column in mapping.items())
    return f"the columns {'are' if certain else 'were guessed'}: {taken}"
