"""One record of a log at a time, for files that are too large to be read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from advisor.importing.columns import named
from advisor.importing.dates import when
from advisor.importing.model import FIELDS, FieldName
from advisor.importing.shapes import OWN_CSV, Shape, shape_of
from advisor.importing.table import Row
from advisor.importing.values import as_text, storable

_COLUMNS = 200


@dataclass(frozen=True)
class Reading:
    """One case that a record holds."""

    fields: Mapping[FieldName, str]
    """Field of a failure to its text; not checked, texts may be empty or too long."""
    passed: bool | None
    """True where the record says that it went well; None where it does not say."""
    when: datetime | None
    """When it happened, in UTC."""


def read_record(record: Mapping[str, Any]) -> tuple[Reading, ...]:
    """Return the cases that one record of an export or a table holds.

    A record alone shows less than a whole file: steps of a trace on lines of their own (retrieval,
    tools, inner calls) give no case, and their texts are not joined to it; a batch of spans in one
    record is joined.

    Args:
        record: one parsed line, with the names of the file.

    Raises:
        ValueError: it is nested too deep to be read.
    """
    record = {storable(name)[:200]: value for name, value in record.items()}
    shape = OWN_CSV if tuple(record) == FIELDS else shape_of(record)
    if shape is None:
        columns = named(tuple(record)[:_COLUMNS])
        fields = {field: as_text(record.get(name)) for field, name in columns.items()}
        return (Reading(fields, _same(fields), when(record)),)
    return tuple(_reading(shape, row.record, record) for row in shape.gather([Row(1, record)]))


def _reading(shape: Shape, case: Mapping[str, Any], record: Mapping[str, Any]) -> Reading:
    fields, passed, _ = shape.read(case)
    return Reading(fields, _same(fields) if passed is None else passed, when(case) or when(record))


def _same(fields: Mapping[FieldName, str]) -> bool | None:
    """Tell an answer that is just the wanted one."""
    output = fields.get("output")
    return True if output and output == fields.get("expected") else None
