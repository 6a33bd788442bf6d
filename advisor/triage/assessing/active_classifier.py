"""The classifier in use, found without loading a database that holds nothing learned."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from advisor.core.settings import settings
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader


def active_classifier() -> FailureReader:
    """Return the classifier in use: as it ships, or a version that learned from corrections.

    No database is made; without one it is the classifier as it ships.

    Raises:
        InputError: a setting cannot be used.
        ModelError: the encoder, the head or the version in use is missing or damaged.
        StoreError: there is a database, and it cannot be read.
    """
    found = settings()
    if found.database_url is None and not _learned_in(found.file):
        return load_classifier()
    from advisor.failures.learning.learned_classifier import (  # heavy: scipy
        classifier_of,  # the database takes half a second to import
    )
    from advisor.store import open_store  # heavy: sqlalchemy

    store = open_store()
    return classifier_of(store, store.learned.active())


def _learned_in(file: Path) -> bool:
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
