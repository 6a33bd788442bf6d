"""What goes on by itself while the app or a worker runs: approvals end, people are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from advisor.core.background import keep_doing
from advisor.models.encoder import load_encoder
from advisor.review.dossier.similar_proposals import read_ahead
from advisor.review.notifying.notices import remind
from advisor.review.notifying.sending import send_due
from advisor.review.queue.upkeep import expire_due, note_rules
from advisor.rules import load
from advisor.store import Store
from advisor.store.database.statements import now
from advisor.store.review import message_outbox

LOOK_EVERY = 300.0
"""Seconds between two looks at what ends."""
SEND_EVERY = 5.0
"""Seconds between two looks into the outbox."""


def look(store: Store) -> None:
    """End what is over, and put in what is due to be told; twice does no more than once."""
    book = load()
    note_rules(store, book)
    expire_due(store, book)
    remind(store)
    with store.database.write() as transaction:
        message_outbox.clear(transaction, now())


def keep_up(store: Store) -> tuple[threading.Event, ...]:
    """Look after reviews in the background; several processes may do so at once.

    Returns:
        What ends it once all are set; else it ends with the process.
    """
    return (
        keep_doing("reviews", LOOK_EVERY, lambda: look(store)),
        keep_doing("similar proposals", LOOK_EVERY, lambda: read_ahead(store, load_encoder)),
        keep_doing("messages", SEND_EVERY, lambda: send_due(store)),
    )


@contextmanager
def kept_up(store: Store) -> Iterator[None]:
    """Look after reviews while something else goes on."""
    over = keep_up(store)
    try:
        yield
    finally:
        for one in over:
            one.set()
