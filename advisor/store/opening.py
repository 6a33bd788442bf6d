"""Opening the database once a process."""

from __future__ import annotations

import threading

from sqlalchemy import URL

from advisor.core.settings import settings
from advisor.store.database.sessions import Database, database_url
from advisor.store.proposal_store import Store

_stores: dict[URL, Store] = {}
_opening = threading.Lock()


def existing_store() -> Store | None:
    """Open the database that the settings name; none where it would have to be made first.

    Raises:
        InputError: the URL or a setting cannot be used.
        StoreError: the database cannot be opened, or a newer advisor wrote it.
    """
    found = settings()
    there = found.database_url is not None or found.file.is_file()
    return open_store() if there else None


def open_store(url: str | None = None) -> Store:
    """Open the database at `url`, or the one the settings name; the same URL is opened once.

    Raises:
        InputError: the URL or a setting cannot be used.
        StoreError: the database cannot be opened, or a newer advisor wrote it.
    """
    checked = database_url(url or settings().database)
    with _opening:
        if checked not in _stores:
            _stores[checked] = Store(Database(checked))
        return _stores[checked]
