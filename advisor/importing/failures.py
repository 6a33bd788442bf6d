"""Failures from the files people have, and as files that are read back unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from advisor.core.files import check_size
from advisor.core.text import ending, neutralise, shown
from advisor.errors import InputError, Problem
from advisor.importing.assembly import Collected, assembled
from advisor.importing.exported import read_export
from advisor.importing.exports.registry import find_shape
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.delimited import read_delimited
from advisor.importing.formats.freetext import read_text
from advisor.importing.formats.json_records import read_json
from advisor.importing.formats.sheets import read_parquet, read_sheet
from advisor.importing.formats.yaml_records import read_yaml
from advisor.importing.tables.columns import TEXTS, checked, column_names, propose
from advisor.importing.tables.import_result import FIELDS, FieldName, Import
from advisor.importing.tables.table import Row, Table, as_text, compact
from advisor.proposal import Failure


@dataclass(frozen=True)
class _FailureFormat:
    endings: tuple[str, ...]
    read: Callable[[bytes, str], Table]


def _text_reader(read: Callable[[str, str], Table]) -> Callable[[bytes, str], Table]:
    def reader(data: bytes, where: str) -> Table:
        decoded = decode(data, where)
        table = read(decoded.text, where)
        return replace(table, encoding=decoded.encoding, notes=(*decoded.notes, *table.notes))

    return reader


FORMATS: tuple[_FailureFormat, ...] = (
    _FailureFormat(("csv", "psv"), _text_reader(read_delimited)),
    _FailureFormat(("txt", "md"), _text_reader(read_text)),
    _FailureFormat(
        ("tsv", "tab"), _text_reader(lambda text, where: read_delimited(text, where, "\t"))
    ),
    _FailureFormat(("json", "jsonl", "ndjson"), _text_reader(read_json)),
    _FailureFormat(("yaml", "yml"), _text_reader(read_yaml)),
    _FailureFormat(("xlsx", "xls", "ods"), read_sheet),
    _FailureFormat(("parquet",), read_parquet),
)
ENDINGS: tuple[str, ...] = tuple(one for each in FORMATS for one in each.endings)
"""Endings of the files that `read_failures` takes."""


def read_failures(name: str, data: bytes, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in a file.

    Args:
        name: the file's name; only its ending is looked at, it is never opened.
        data: the file's bytes, at most 20 MB.
        mapping: field of a failure to the column that fills it; without it exports of known tools
            are recognised, else columns are proposed.

    Raises:
        InputError: the file as a whole cannot be read; single rows are listed in `rejected`.
    """
    return _from_table(read_table(name, data), shown(name), mapping)


def read_table(name: str, data: bytes, endings: Collection[str] = ENDINGS) -> Table:
    """Return the rows of a file, before anybody knows what they mean.

    Args:
        name: the file's name; only its ending is looked at, it is never opened.
        data: the file's bytes, at most 20 MB.
        endings: those that are taken.

    Raises:
        InputError: the file cannot be read.
    """
    where = shown(name)
    check_size(where, len(data))
    for kind in FORMATS:
        if ending(name) in kind.endings and ending(name) in endings:
            return kind.read(data, where)
    mend = f"Use a file that ends in {', '.join(endings)}"
    raise InputError(Problem(where, "is of a kind that is not read here", mend))


def read_pasted(text: str, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in pasted text.

    Args:
        text: spreadsheet cells, CSV, JSON, JSON lines, blocks such as `Q: … A: … Expected: …`
            or one complaint a line, which becomes a note.
        mapping: field of a failure to column, for tables.

    Raises:
        InputError: there is nothing in it, too much, or it is broken JSON.
    """
    where = "pasted text"
    check_size(where, len(text.encode("utf-8", "replace")))
    return _from_table(read_text(text, where), where, mapping)


def _from_table(table: Table, where: str, mapping: Mapping[str, str] | None = None) -> Import:
    """Return the failures in rows that a format gave, by shape, given or proposed columns.

    Raises:
        InputError: the mapping names what does not exist.
    """
    names = column_names(table)
    shape = None if mapping else find_shape(table)
    if shape:
        return read_export(table, names, shape)
    if mapping:
        used, certain = checked(mapping, names, where), True
    else:
        proposed = propose(table, names)
        used, certain = proposed.mapping, proposed.certain
    found = Collected(list(table.rejected))
    for row in table.rows if used.keys() & TEXTS else ():
        found.add(row.line, partial(_mapped, row, used))
    return assembled(table, names, found, used, certain, table.recognised)


def _mapped(row: Row, mapping: Mapping[FieldName, str]) -> dict[FieldName, str]:
    return {field: as_text(row.record.get(column)) for field, column in mapping.items()}


def write_csv(failures: Iterable[Failure]) -> str:
    """Return failures as CSV with one column a field; formulas are neutralised."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(FIELDS)
    for failure in failures:
        texts = (getattr(failure, name) or "" for name in FIELDS)
        writer.writerow([neutralise(text) for text in texts])
    return buffer.getvalue()


def write_jsonl(failures: Iterable[Failure]) -> str:
    """Return failures as JSON lines; missing fields are left out."""
    return "".join(f"{compact(failure.model_dump(exclude_none=True))}\n" for failure in failures)
