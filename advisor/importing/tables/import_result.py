"""What reading a file of failures or a document returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from advisor.proposal import Failure

DOCUMENT_LIMIT = 200_000
"""Characters kept of one document."""
UNPACKED_LIMIT = 200_000_000
"""Bytes in a packed file (xlsx, ods, docx) once unpacked."""

FieldName = Literal["id", "input", "output", "expected", "note", "context"]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)
"""The fields of a failure that a column can fill."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rejected(_Record):
    """One row that could not be read."""

    line: int
    """Line of the file (text formats), row of the sheet, or place in the list; from 1."""
    reason: str


class Column(_Record):
    """One column of the file, with a few of its values to recognise it by."""

    name: str
    samples: tuple[str, ...]


class Import(_Record):
    """The failures found in a file or a paste, and how they were found."""

    failures: tuple[Failure, ...]
    """No two share an id; a failure without one in the file has none here."""
    rejected: tuple[Rejected, ...]
    recognised: str
    """What the file was taken for, in plain words."""
    columns: tuple[Column, ...]
    mapping: Mapping[FieldName, str]
    """Field of a failure to the name of the column that fills it; used, or proposed."""
    needs_mapping: bool
    """True when the columns are not certain: show the mapping, then read again with it."""
    preview: tuple[Mapping[str, str], ...]
    """The first rows as they stand in the file: column name to text."""
    rows: int
    """Rows found, the rejected and the left-out ones included."""
    left_out: int = 0
    """Rows left out because they are not failures: they passed their test."""
    notes: tuple[str, ...] = ()
    """What was changed or decided on the way, one sentence each."""
    sheet: str | None = None
    encoding: str | None = None


class ImportedDocument(_Record):
    """The text of one document."""

    text: str
    pages: int | None
    """Pages of a PDF; None where the format has none."""
    recognised: str
    notes: tuple[str, ...] = ()
    """What was left out, one sentence each."""
