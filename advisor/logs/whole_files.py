"""Files that only make sense as a whole: JSON, sheets, and traces whose steps lie on many lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from advisor.core.readable_files import read_path
from advisor.importing import Import, read_failures
from advisor.logs.block_records import BlockRows, LogCase, Recipe, RefusedRow, Span
from advisor.proposal import Failure, Proposal


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
