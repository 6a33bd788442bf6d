"""One record of a log at a time, for files that are too large to be read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from advisor.importing.exports.registry import OWN_CSV, Shape, shape_of
from advisor.importing.formats.json_records import clean_names
from advisor.importing.formats.otlp_batches import spread
from advisor.importing.tables.cell_text import as_text
from advisor.importing.tables.columns import named
from advisor.importing.tables.dates import when
from advisor.importing.tables.import_result import FIELDS, FieldName
from advisor.importing.tables.table import COLUMN_LIMIT, Row


@dataclass(frozen=True)
class SingleReading:
    """One case that a record holds."""

    fields: Mapping[FieldName, str]
    """Field of a failure to its text; not checked, texts may be empty or too long."""
    passed: bool | None
    """True where the record says that it went well; None where it does not say."""
    when: datetime | None
    """When it happened, in UTC."""


def read_record(record: Mapping[str, Any]) -> tuple[SingleReading, ...]:
    """Return the cases that one record of an export or a table holds.

    A record alone shows less than a whole file: steps of a trace on lines of their own (retrieval,
    tools, inner calls) give no case, and their texts are not joined to it; a batch of spans in one
    record is joined.

    Args:
        record: one parsed line, with the names of the file.

    Raises:
        ValueError: it is nested too deep to be read.
    """
    rows = [Row(1, clean_names(item)) for item in spread(record)]
    if not rows:
        return ()
    first = rows[0].record
    found = (shape_of(row.record) for row in rows)
    shape = OWN_CSV if tuple(first) == FIELDS else next((one for one in found if one), None)
    if shape is None:
        return (_plain(first),)
    if len(rows) == 1 and not shape.alone(first):
        return ()
    return tuple(_reading(shape, row.record) for row in shape.gather(rows))


def _plain(record: Mapping[str, Any]) -> SingleReading:
    columns = named(tuple(record)[:COLUMN_LIMIT])
    fields = {field: as_text(record.get(name)) for field, name in columns.items()}
    return SingleReading(fields, _same(fields), when(record))


def _reading(shape: Shape, record: Mapping[str, Any]) -> SingleReading:
    fields, passed, _ = shape.read(record)
    return SingleReading(fields, _same(fields) if passed is None else passed, when(record))


def _same(fields: Mapping[FieldName, str]) -> bool | None:
    """Tell an answer that is just the wanted one."""
    output = fields.get("output")
    return True if output and output == fields.get("expected") else None
