"""What passes between the parts that read a log: where a block lies, its rows, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from advisor.importing.tables.import_result import FieldName
from advisor.proposal import Failure

BLOCK_ROWS = 1_000
"""Rows in one block: a few seconds of work. The last one has fewer, and one with long rows."""
BLOCK_BYTES = 16_000_000
"""A block ends after the row with which it reaches this size."""
HEAD_ROWS = 1_000
"""Rows from which the columns are recognised."""
SHOWN = 200
"""Characters kept of a row that could not be read."""

Kind = Literal["lines", "delimited", "parquet", "whole"]


class Recipe(BaseModel):
    """How a file is read; the same recipe gives the same rows on any machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    block: int = BLOCK_ROWS
    """Rows in one block."""
    codec: str = "utf-8"
    separator: str = ","
    start: int = 0
    """Byte at which the first row begins."""
    line: int = 1
    """Line on which the first row begins."""
    names: tuple[str, ...] = ()
    """Columns of a table, in the order of the file."""
    mapping: Mapping[FieldName, str] = {}
    """Field of a failure to the column that fills it."""
    date: str | None = None
    """The column that says when it happened; None where names decide row by row."""
    export: bool = False
    """Whether each record comes from a known tool and is read as that tool writes it."""


@dataclass(frozen=True)
class Span:
    """Where one block lies."""

    index: int
    start: int
    """First byte of a text file; first row, from 0, of others."""
    end: int
    row: int
    """Number of its first row, from 1."""
    line: int
    """Line of its first row, from 1."""
    done: float
    """Share of the file that is read when this block is, 0 to 1."""


@dataclass(frozen=True)
class RowEntry:
    """One row as it stands in the file; `record` is None where it could not be read."""

    row: int
    line: int
    record: Mapping[str, Any] | None
    text: str
    reason: str = ""


@dataclass(frozen=True)
class LogCase:
    """A failure, the number of its row, and when it happened, in UTC."""

    row: int
    failure: Failure
    at: datetime | None = None


@dataclass(frozen=True)
class RefusedRow:
    """A row that is no failure, with the reason."""

    line: int
    reason: str
    text: str


@dataclass
class BlockRows:
    """What one block holds."""

    count: int = 0
    cases: list[LogCase] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    left_out: int = 0
    """Rows that passed their test, or are steps of others."""


class BlockSource(Protocol):
    """A file that can be read a block at a time, in any order."""

    def spans(self) -> Iterator[Span]:
        """Yield where each block lies, first to last, in constant memory."""

    def read(self, span: Span) -> BlockRows:
        """Return the rows of one block."""
