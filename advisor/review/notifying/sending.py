"""Sending what is in the outbox, at least once, and saying what did not arrive so far."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from advisor.errors import NotFoundError
from advisor.review.notifying import channels
from advisor.review.notifying.channels import MAIL, open_channels
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError
from advisor.review.notifying.message_words import written
from advisor.store import Store
from advisor.store.database.statements import now
from advisor.store.people import people
from advisor.store.review import message_outbox
from advisor.store.review.message_outbox import Waiting

AT_ONCE = 50
"""Messages sent in one go."""
MINE = timedelta(minutes=5)
"""So long nobody else tries what this process is sending; after a crash it is tried again then."""
PATIENCE = timedelta(days=3)
"""How long it is tried."""
SHOWN = 50
"""Messages of which it is said that they did not arrive."""
_LOG = logging.getLogger("advisor")
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)


def again(tries: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, at most 6 hours."""
    doubled: timedelta = _FIRST * 2 ** min(tries - 1, 20)
    return min(doubled, _LONGEST)


def send_due(store: Store, at: datetime | None = None) -> int:
    """Send what is due; return how many messages arrived.

    Where a way is closed, what would take it waits without being tried.
    """
    begun, arrived = at or now(), 0
    with store.database.read() as transaction:
        waiting = list(message_outbox.due(transaction, begun, AT_ONCE))
    closed: set[str] = set()
    for message in waiting:
        if message.channel not in closed and _taken(store, message, begun):
            problem = _problem(store, message)
            arrived += problem is None
            if problem:
                _note(store, message, problem, begun)
                closed |= set() if problem.alone else {message.channel}
    for channel in sorted(closed):
        with store.database.write() as transaction:
            message_outbox.put_off(transaction, channel, begun, begun + _FIRST)
    return arrived


def _taken(store: Store, message: Waiting, at: datetime) -> bool:
    with store.database.write() as transaction:
        return message_outbox.take(transaction, message, at + MINE)


def _problem(store: Store, message: Waiting) -> UndeliveredError | None:
    """Send a message; return why it did not arrive."""
    try:
        told, address = _written(store, message)
        channels.send(message.channel, told, address)
    except UndeliveredError as error:
        return error
    except NotFoundError:
        return UndeliveredError("what it tells of is gone", final=True)
    with store.database.write() as transaction:
        message_outbox.sent(transaction, message.id)
    return None


def _written(store: Store, message: Waiting) -> tuple[OutgoingMessage, str | None]:
    with store.database.read() as transaction:
        known = people.everybody(transaction, [message.person]) if message.person else ()
        return written(transaction, message), known[0].email if known else None


def _note(store: Store, message: Waiting, problem: UndeliveredError, at: datetime) -> None:
    """Write down why it failed and when it is tried again, if ever."""
    late = at - message.created_at >= PATIENCE
    over = problem.final or late
    with store.database.write() as transaction:
        message_outbox.failed(
            transaction, message.id, str(problem), None if over else at + again(message.tries + 1)
        )
    what = "was given up" if over else "is tried again"
    _LOG.warning("A message (%s, %s) %s: %s", message.channel, message.id[:12], what, problem)


@dataclass(frozen=True)
class Undelivered:
    """One message that did not arrive."""

    to: str
    """A name, or what the webhook is called."""
    title: str
    """Of the proposal that it is about."""
    at: datetime
    tries: int
    given_up: bool
    problem: str


@dataclass(frozen=True)
class Delivery:
    """How messages get out."""

    open: frozenset[str]
    waiting: int
    troubles: tuple[Undelivered, ...]
    """The newest first."""


def delivery(store: Store) -> Delivery:
    """Return how messages get out, how many wait, and what did not arrive."""
    with store.database.read() as transaction:
        found = message_outbox.troubles(transaction, SHOWN)
        names = people.names(transaction, {failed.person for failed in found if failed.person})
        waiting = message_outbox.waiting(transaction)
    told = tuple(
        Undelivered(
            to=names.get(failed.person, "somebody") if failed.channel == MAIL else "the webhook",
            title=failed.title,
            at=failed.created_at,
            tries=failed.tries,
            given_up=failed.given_up,
            problem=failed.problem,
        )
        for failed in found
    )
    return Delivery(open_channels(), waiting, told)
