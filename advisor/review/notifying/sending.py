"""Sending what is in the outbox, at least once, with more and more time between tries."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from advisor.errors import NotFoundError
from advisor.review.notifying import channels
from advisor.review.notifying.channels import MAIL, open_channels
from advisor.review.notifying.message import OutgoingMessage, UndeliveredError
from advisor.review.notifying.message_words import message
from advisor.store import Store
from advisor.store.database.statements import now
from advisor.store.people import people
from advisor.store.review import message_outbox
from advisor.store.review.message_outbox import Waiting

AT_ONCE = 50
"""Messages sent in one go."""
MINE = timedelta(minutes=5)
"""So long nobody else tries what this process is sending; after a crash it is tried again then."""
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)
PATIENCE = timedelta(days=3)
"""How long it is tried."""
_LOG = logging.getLogger("advisor")


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
    for one in waiting:
        if one.channel not in closed and _taken(store, one, begun):
            problem = _problem(store, one)
            arrived += problem is None
            if problem:
                _note(store, one, problem, begun)
                closed |= set() if problem.alone else {one.channel}
    for channel in sorted(closed):
        with store.database.write() as transaction:
            message_outbox.put_off(transaction, channel, begun, begun + _FIRST)
    return arrived


def _taken(store: Store, one: Waiting, at: datetime) -> bool:
    with store.database.write() as transaction:
        return message_outbox.take(transaction, one, at + MINE)


def _problem(store: Store, one: Waiting) -> UndeliveredError | None:
    """Send a message; return why it did not arrive."""
    try:
        told, address = _written(store, one)
        channels.send(one.channel, told, address)
    except UndeliveredError as error:
        return error
    except NotFoundError:
        return UndeliveredError("what it tells of is gone", final=True)
    with store.database.write() as transaction:
        message_outbox.sent(transaction, one.id)
    return None


def _written(store: Store, one: Waiting) -> tuple[OutgoingMessage, str | None]:
    with store.database.read() as transaction:
        known = people.everybody(transaction, [one.person]) if one.person else ()
        return message(transaction, one), known[0].email if known else None


def _note(store: Store, one: Waiting, problem: UndeliveredError, at: datetime) -> None:
    """Write down why it failed and when it is tried again, if ever."""
    late = at - one.created_at >= PATIENCE
    over = problem.final or late
    with store.database.write() as transaction:
        message_outbox.failed(
            transaction, one.id, str(problem), None if over else at + again(one.tries + 1)
        )
    what = "was given up" if over else "is tried again"
    _LOG.warning("A message (%s, %s) %s: %s", one.channel, one.id[:12], what, problem)


SHOWN = 50


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
class Ways:
    """How messages get out."""

    open: frozenset[str]
    waiting: int
    troubles: tuple[Undelivered, ...]
    """The newest first."""


def ways(store: Store) -> Ways:
    """Return how messages get out, how many wait, and what did not arrive."""
    with store.database.read() as transaction:
        found = message_outbox.troubles(transaction, SHOWN)
        names = people.names(transaction, {one.person for one in found if one.person})
        waiting = message_outbox.waiting(transaction)
    told = tuple(
        Undelivered(
            to=names.get(one.person, "somebody") if one.channel == MAIL else "the webhook",
            title=one.title,
            at=one.created_at,
            tries=one.tries,
            given_up=one.given_up,
            problem=one.problem,
        )
        for one in found
    )
    return Ways(open_channels(), waiting, told)
