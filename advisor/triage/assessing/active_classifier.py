"""The classifier in use, found without loading a database that holds nothing learned."""

from __future__ import annotations

from advisor.core.settings import settings
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.store import open_store
from advisor.store.learning.learned_file import learned_in


def active_classifier() -> FailureReader:
    """Return the classifier in use: as it ships, or a version that learned from corrections.

    No database is made; without one it is the classifier as it ships.

    Raises:
        InputError: a setting cannot be used.
        ModelError: the encoder, the head or the version in use is missing or damaged.
        StoreError: there is a database, and it cannot be read.
    """
    chosen = settings()
    if chosen.database_url is None and not learned_in(chosen.file):
        return load_classifier()
    from advisor.failures.learning.versions import (  # heavy: sqlalchemy
        classifier_of,  # the database takes half a second to import
    )

    store = open_store()
    return classifier_of(store, store.learned.active())
