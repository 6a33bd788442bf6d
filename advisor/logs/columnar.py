"""Parquet files, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from advisor.core.files import plain_size, readable
from advisor.core.text import shown, storable
from advisor.errors import InputError, Problem
from advisor.importing.tables.table import COLUMN_LIMIT
from advisor.logs.block_rows import BLOCK_BYTES, SHOWN, Recipe, RowEntry, Span

_BUFFER = 1_000_000


class Columnar:
    """A Parquet file; only the columns that are needed are read."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        """Open `path`.

        Raises:
            InputError: it is no Parquet file, or holds no rows.
        """
        self._path = path
        plain_size(path)
        with _understood(path):
            self._file = _opened(path)
        self.names: tuple[str, ...] = tuple(self._file.schema_arrow.names[:COLUMN_LIMIT])
        self.total: int = self._file.metadata.num_rows
        if not self.total:
            raise InputError(Problem(shown(path.name), "holds no rows", "Choose another file"))
        wanted = {*recipe.mapping.values(), recipe.date}
        self._columns = [name for name in self.names if recipe.export or name in wanted]
        self.block = min(recipe.block, _rows_of(BLOCK_BYTES, self._file.metadata))
        """Rows in one block; fewer than asked for where rows are long."""
        self._place = 0
        self._rows: Iterator[dict[str, Any]] = iter(())

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies."""
        for index, start in enumerate(range(0, self.total, self.block)):
            end = min(start + self.block, self.total)
            yield Span(index, start, end, start + 1, start + 1, end / self.total)

    def entries(self, start: int, end: int | None, line: int, row: int) -> Iterator[RowEntry]:
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
        batches = self._file.iter_batches(self.block, row_groups=groups, columns=self._columns)
        for batch in batches:
            if place < batch.num_rows:
                yield from _records(batch.slice(place))
            place = max(0, place - batch.num_rows)


def _opened(path: Path) -> Any:
    """Open a file so that neither its row groups nor texts that come again fill the memory."""
    texts = [one.name for one in pyarrow.parquet.read_schema(path) if _is_text(one.type)]
    return pyarrow.parquet.ParquetFile(
        path,
        buffer_size=_BUFFER,  # without one a whole row group would lie there
        pre_buffer=False,
        read_dictionary=texts,
    )


def _is_text(kind: Any) -> bool:
    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind))


def _rows_of(size: int, data: Any) -> int:
    """Return how many rows make up `size` bytes where they are longest; at least one."""
    groups = (data.row_group(place) for place in range(data.num_row_groups))
    longest = max((one.total_byte_size / one.num_rows for one in groups if one.num_rows), default=1)
    return max(1, int(size / max(1, longest)))


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    with readable(path):
        try:
            yield
        # NotImplementedError: a kind of column that Arrow does not read
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
    if pyarrow.types.is_dictionary(column.type):
        return _shared(column)
    try:
        return [plain(value) for value in column.to_pylist()]
    except (ValueError, OverflowError):
        return [None] * len(column)


def _shared(column: Any) -> list[Any]:
    """Return the values of a column that names each of them once; equal ones are one object."""
    places = column.indices.to_pylist()
    held = {place: plain(column.dictionary[place].as_py()) for place in {*places} - {None}}
    return [held.get(place) for place in places]


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


def _entry(row: int, record: dict[str, Any]) -> RowEntry:
    text = ", ".join(str(value)[:SHOWN] for value in list(record.values())[:20])
    return RowEntry(row, row, record, storable(text)[:SHOWN])
