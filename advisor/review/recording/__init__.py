"""The decision record: what was decided, on what, by whom; it is proved without the app."""

from __future__ import annotations

from pathlib import Path

_START = b'{"body":{"advice":'


def is_record(path: Path) -> bool:
    """Tell whether a file is meant to be a decision record."""
    try:
        with path.open("rb") as file:
            return file.read(len(_START)) == _START
    except OSError:
        return False


__all__ = [
    "decision_record",
    "is_record",
    "record_document",
    "record_files",
    "sealing",
    "verifying",
]
