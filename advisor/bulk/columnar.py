"""Parquet files, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from advisor.bulk.model import SHOWN, Entry, Recipe, Span
from advisor.bulk.streams import checked_size, readable
from advisor.errors import InputError, Problem
from advisor.importing.table import COLUMN_LIMIT
from advisor.importing.values import shown, storable

_BUFFER = 1_000_000


class Columnar:
    """A Parquet file; only the columns that are needed are read."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        """Open `path`.

        Raises:
            InputError: it is no Parquet file, or holds no rows.
        """
        self._path = path
        with _understood(path):
            checked_size(path)
            # without a buffer a whole row group would lie in memory
            self._file = pyarrow.parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
        self.names: tuple[str, ...] = tuple(self._file.schema_arrow.names[:COLUMN_LIMIT])
        self.total: int = self._file.metadata.num_rows
        if not self.total:
            raise InputError(Problem(shown(path.name), "holds no rows", "Choose another file"))
        wanted = {*recipe.mapping.values(), recipe.date}
        self._columns = [name for name in self.names if recipe.export or name in wanted]
        self._block = recipe.block
        self._place = 0
        self._rows: Iterator[dict[str, Any]] = iter(())

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies."""
        for index, start in enumerate(range(0, self.total, self._block)):
            end = min(start + self._block, self.total)
            yield Span(index, start, end, start + 1, start + 1, end / self.total)

    def entries(self, start: int, end: int | None, line: int, row: int) -> Iterator[Entry]:
        """Yield the rows between two places, counted from 0."""
        with _understood(self._path):
            if start != self._place or not start:
                self._rows, self._place = self._from(start), start
            while end is None or self._place < end:
                record = next(self._rows, None)
                if record is None:
                    return
                self._place += 1
                yield _entry(self._place, record)

    def _from(self, place: int) -> Iterator[dict[str, Any]]:
        """Yield the rows from a place on; the row groups before it are not read."""
        data = self._file.metadata
        first = 0
        while first < data.num_row_groups and place >= data.row_group(first).num_rows:
            place -= data.row_group(first).num_rows
            first += 1
        groups = range(first, data.num_row_groups)
        batches = self._file.iter_batches(self._block, row_groups=groups, columns=self._columns)
        for batch in batches:
            if place < batch.num_rows:
                yield from _records(batch.slice(place))
            place = max(0, place - batch.num_rows)


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    with readable(path):
        try:
            yield
        except (pyarrow.ArrowException, NotImplementedError):
            mend = "Write the file again; encrypted columns may have to be left out"
            what = "is damaged or is not Parquet"
            raise InputError(Problem(shown(path.name), what, mend)) from None


def _records(batch: Any) -> Iterator[dict[str, Any]]:
    columns = {name: _values(batch.column(name)) for name in batch.schema.names}
    for place in range(batch.num_rows):
        yield {name: values[place] for name, values in columns.items()}


def _values(column: Any) -> list[Any]:
    """Return a column as plain values; a moment that no calendar holds is missing."""
    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.timestamp("us"), safe=False)  # in UTC; zones need a data base
    try:
        return [plain(value) for value in column.to_pylist()]
    except (ValueError, OverflowError):
        return [None] * len(column)


def plain(value: Any) -> Any:
    """Return a value of Parquet as JSON could hold it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _entry(row: int, record: dict[str, Any]) -> Entry:
    text = ", ".join(str(value)[:SHOWN] for value in list(record.values())[:20])
    return Entry(row, row, record, storable(text)[:SHOWN])
