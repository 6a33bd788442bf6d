"""Failures of a file, block by block: from rows that stand alone, or from the file as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from advisor.core.files import read_path
from advisor.importing import Import, read_failures, read_record
from advisor.importing.assembly import Collected
from advisor.importing.tables.dates import parsed, when
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import as_text
from advisor.logs.block_rows import BlockRows, LogCase, Recipe, RefusedRow, RowEntry, Span
from advisor.proposal import Failure, Proposal

Fields = Mapping[FieldName, str]


class Entries(Protocol):
    """A file format that gives rows between two places."""

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies."""

    def entries(self, start: int, end: int | None, line: int, row: int) -> Iterator[RowEntry]:
        """Yield the rows between two places; to the end of the file without an `end`."""


class RowFailures:
    """A file whose rows stand alone."""

    def __init__(self, inner: Entries, recipe: Recipe) -> None:
        """Read the rows of `inner` as `recipe` says."""
        self._inner = inner
        self._recipe = recipe

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies."""
        return self._inner.spans()

    def read(self, span: Span) -> BlockRows:
        """Return the rows of one block."""
        rows = BlockRows()
        for entry in self._inner.entries(span.start, span.end, span.line, span.row):
            rows.count += 1
            self._add(entry, rows)
        return rows

    def _add(self, entry: RowEntry, rows: BlockRows) -> None:
        if entry.record is None:
            rows.refused.append(RefusedRow(entry.line, entry.reason, entry.text))
            return
        found = Collected(())
        try:
            moments = list(self._cases(entry.record, found, entry.line))
        except ValueError as error:
            moments = []
            found.reject(entry.line, str(error))
        if not found.failures and not found.rejected:
            rows.left_out += 1
        rows.refused += [RefusedRow(one.line, one.reason, entry.text) for one in found.rejected]
        for place, failure in enumerate(found.failures):
            rows.cases.append(LogCase(entry.row, _named(failure, entry.row, place), moments[place]))

    def _cases(
        self, record: Mapping[str, Any], found: Collected, line: int
    ) -> Iterator[datetime | None]:
        """Add what a record holds to `found`; yield when each failure happened."""
        for fields, moment in self._fields(record):
            before = len(found.failures)
            found.add(line, partial(dict, fields))
            if len(found.failures) > before:
                yield self._moment(record) or moment

    def _fields(self, record: Mapping[str, Any]) -> Iterator[tuple[Fields, datetime | None]]:
        if self._recipe.export:
            for reading in read_record(record):
                if not reading.passed:
                    yield reading.fields, reading.when
        else:
            mapping = self._recipe.mapping
            yield {field: as_text(record.get(name)) for field, name in mapping.items()}, None

    def _moment(self, record: Mapping[str, Any]) -> datetime | None:
        if self._recipe.date:
            return parsed(record.get(self._recipe.date))
        return None if self._recipe.export else when(record)


def _named(failure: Failure, row: int, place: int) -> Failure:
    """Give a failure without an id the number of its row."""
    if failure.id:
        return failure
    name = f"f{row}-{place + 1}" if place else f"f{row}"
    return failure.model_copy(update={"id": name})


class Whole:
    """A file that is read at once, within the limits of the importer."""

    def __init__(self, path: Path, recipe: Recipe, found: Import | None = None) -> None:
        """Read `path`, unless it was `found` already.

        Raises:
            InputError: the file as a whole cannot be read.
        """
        self.found = found or read_whole(path, recipe.mapping)
        self._block = recipe.block
        self._failures = named(self.found.failures)

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies among the failures."""
        total = len(self._failures)
        for index, start in enumerate(range(0, max(total, 1), self._block)):
            end = min(start + self._block, total)
            yield Span(index, start, end, start + 1, start + 1, end / max(total, 1))

    def read(self, span: Span) -> BlockRows:
        """Return one block; what could not be read comes with the first."""
        failures = self._failures[span.start : span.end]
        cases = [LogCase(row, failure) for row, failure in enumerate(failures, span.row)]
        rows = BlockRows(len(cases), cases)
        if span.index == 0:
            rows.refused = [RefusedRow(one.line, one.reason, "") for one in self.found.rejected]
            rows.left_out = self.found.left_out
            rows.count += len(rows.refused) + rows.left_out
        return rows


def read_whole(path: Path, mapping: Mapping[Any, str]) -> Import:
    """Return what the importer finds in a file.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    return read_failures(path.name, read_path(path), mapping or None)


def named(failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """Give failures without an id one by place, as a proposal does."""
    return Proposal(title="failures", description="failures", failures=failures).failures
