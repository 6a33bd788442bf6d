"""Which sources nobody reads while the classifier is shaped, and how often they were measured.

A source gives its mode away, so records are kept back by source, never at random. Of the issue
threads, where each is a source of its own, half are kept back, by the hash of their address;
versions before the split were shaped on all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT_BACK = ("bigbench_mistake", "ifeval", "tofu_closed_book", "who_and_when", "xstest")
THREADS = "issue_threads"
MEASURED = Path(__file__).with_name("kept_back.jsonl")
OFTEN = 10
"""Measurements after which these sources are no longer unseen: each one teaches a little."""


def source_of(row: Mapping[str, Any]) -> str:
    """Return the source of a record: its id without the number."""
    return str(row["id"]).rpartition("-")[0]


def is_kept_back(row: Mapping[str, Any]) -> bool:
    """Say whether a record belongs to the sources that nobody reads."""
    source = source_of(row)
    if source == THREADS:
        return hashlib.sha256(str(row["source"]).encode()).digest()[-1] % 2 == 0
    return source in KEPT_BACK


def measurements(path: Path = MEASURED) -> list[dict[str, Any]]:
    """Return what was measured on the records kept back, the oldest first."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def note(
    fingerprint: str, columns: Sequence[str], figures: Sequence[str], path: Path = MEASURED
) -> int:
    """Note a measurement with its day; return how many there are.

    A classifier that was measured before is not counted again: it says nothing new.

    Raises:
        SystemExit: they were measured too often.
    """
    done = measurements(path)
    if any(one["classifier"] == fingerprint for one in done):
        return len(done)
    if len(done) >= OFTEN:
        raise SystemExit(
            f"The records kept back were measured {OFTEN} times and are no longer unseen. "
            f"Keep back other sources in {Path(__file__).name}, and empty {path.name}."
        )
    day = datetime.now(UTC).date().isoformat()
    found = dict(zip(columns, figures, strict=True))
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"day": day, "classifier": fingerprint, "figures": found}) + "\n")
    return len(done) + 1
