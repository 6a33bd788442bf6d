"""Failures as files that `read_failures` reads back unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from advisor.core.text import neutralise
from advisor.importing.tables.cell_text import compact
from advisor.importing.tables.import_result import FIELDS
from advisor.proposal import Failure


def write_csv(failures: Iterable[Failure]) -> str:
    """Return failures as CSV with one column a field; formulas are neutralised."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(FIELDS)
    for failure in failures:
        texts = (getattr(failure, name) or "" for name in FIELDS)
        writer.writerow([neutralise(text) for text in texts])
    return buffer.getvalue()


def write_jsonl(failures: Iterable[Failure]) -> str:
    """Return failures as JSON lines; missing fields are left out."""
    return "".join(f"{compact(failure.model_dump(exclude_none=True))}\n" for failure in failures)
