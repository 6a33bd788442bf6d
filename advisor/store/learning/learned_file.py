"""A look into a SQLite file, so that a database that holds nothing learned is not loaded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def learned_in(file: Path) -> bool:
    """Tell whether a learned version may be in use; where that cannot be told, it may."""
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'learned_use'"
            ).fetchone():
                return False
            query = "SELECT version FROM learned_use ORDER BY number DESC LIMIT 1"
            row = connection.execute(query).fetchone()
    except sqlite3.Error:
        return True
    return bool(row and row[0])
