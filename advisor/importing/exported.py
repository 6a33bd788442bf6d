"""What a known tool exported: a whole file without what passed, or one record of it at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from advisor.importing.assembly import Collected, assembled
from advisor.importing.exports.registry import OWN_CSV, Shape, shape_of
from advisor.importing.formats.json_records import clean_names, spread
from advisor.importing.tables.columns import named
from advisor.importing.tables.dates import when
from advisor.importing.tables.import_result import FIELDS, FieldName, Import
from advisor.importing.tables.table import COLUMN_LIMIT, Row, Table, as_text


@dataclass(frozen=True)
class _Case:
    line: int
    fields: Mapping[FieldName, str]
    passed: bool | None
    scores: Mapping[str, float]

    def went_well(self, tests: set[str]) -> bool:
        """Tell by the verdict, else the scores of pass and fail, else by equal answers."""
        if self.passed is not None:
            return self.passed
        graded = [value for name, value in self.scores.items() if name in tests]
        output = self.fields.get("output")
        return (
            min(graded) == 1 if graded else bool(output) and output == self.fields.get("expected")
        )


@dataclass(frozen=True)
class SingleReading:
    """One case that a record holds."""

    fields: Mapping[FieldName, str]
    """Field of a failure to its text; not checked, texts may be empty or too long."""
    passed: bool | None
    """True where the record says that it went well; None where it does not say."""
    when: datetime | None
    """When it happened, in UTC."""


def read_export(table: Table, names: Sequence[str], shape: Shape) -> Import:
    """Return the failures in `table`, whose columns are `names`, as `shape` reads them."""
    found = Collected(table.rejected)
    cases, joined = _cases(table, shape, found)
    tests = _pass_fail_scores(case.scores for case in cases)
    bad = [case for case in cases if not case.went_well(tests)]
    for case in bad:
        found.add(case.line, partial(dict, case.fields))
    left_out = len(cases) - len(bad)
    found.notes += _told(left_out, joined, shape.note)
    recognised = f"{shape.recognised} ({table.recognised})"
    result = assembled(table, names, found, {}, True, recognised)
    return result.model_copy(update={"left_out": left_out})


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


def _cases(table: Table, shape: Shape, found: Collected) -> tuple[list[_Case], int]:
    """Read every record that fits; also count those that became part of another."""
    fitting = []
    for row in table.rows:
        if shape.fits(row.record):
            fitting.append(row)
        else:
            found.reject(row.line, f"is not like the other rows of this {shape.recognised}")
    gathered, cases = shape.gather(fitting), []
    for row in gathered:
        try:
            cases.append(_Case(row.line, *shape.read(row.record)))
        except ValueError as error:
            found.reject(row.line, str(error))
    return cases, len(fitting) - len(gathered)


def _told(left_out: int, joined: int, note: str) -> list[str]:
    notes = [f"{joined:,} rows are steps of other rows and were read with them."] if joined else []
    told = f"{left_out:,} rows passed and were left out." if left_out else note
    return [*notes, told] if told else notes


def _pass_fail_scores(all_scores: Iterable[Mapping[str, float]]) -> set[str]:
    """Return the scores that only ever say 0 or 1, and say 0 at least once."""
    seen: dict[str, set[float]] = {}
    for scores in all_scores:
        for name, value in scores.items():
            seen.setdefault(name, set()).add(value)
    return {name for name, values in seen.items() if 0 in values and values <= {0, 1}}


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
