"""What did not arrive so far, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from advisor.review.notifying.channels import MAIL, open_channels
from advisor.store import Store
from advisor.store.people import people
from advisor.store.review import message_outbox

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
