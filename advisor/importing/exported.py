"""Failures from the export of a known tool: what passed is left out and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from advisor.importing.assembly import Collected, assembled
from advisor.importing.exports.registry import Shape
from advisor.importing.tables.import_result import FieldName, Import
from advisor.importing.tables.table import Table


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
