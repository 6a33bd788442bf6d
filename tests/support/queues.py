"""Proposals put into the queue, and the queue as somebody sees it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from world import World

from advisor.domain.lifecycle import Role
from advisor.domain.review_queue import (
    Filters,
    QueueOrder,
    QueuePage,
    QueueQuery,
    QueueReader,
    QueueRow,
)
from advisor.review.queue.queue_page import queue

_words = itertools.count()
NOW = datetime.now(UTC)


def word() -> str:
    """A word that no other title has."""
    return f"word{next(_words)}x"


def entitle(world: World, id: str, title: str) -> str:
    statement = "UPDATE proposal SET title = :t, title_folded = :f WHERE id = :i"
    world.sql(statement, t=title, f=title.casefold(), i=id)
    return id


def age(world: World, id: str, days: float) -> None:
    at = NOW - timedelta(days=days)
    world.sql("UPDATE review SET since = :s WHERE proposal_id = :i", s=at, i=id)


def shown(world: World, by: Role | str = Role.REVIEWER, **filters: Any) -> QueuePage:
    """Return the first page as somebody sees it."""
    order = filters.pop("order", QueueOrder.URGENT)
    who = world.who[by] if isinstance(by, Role) else by
    roles = frozenset(world.people.find(who).roles)
    wanted = QueueQuery(Filters(**{"group": None} | filters), order, filters.pop("page", 1))
    return queue(world.store, world.book, QueueReader(who, roles), wanted)


def row(world: World, id: str, by: Role | str = Role.REVIEWER) -> QueueRow:
    """Return one line as somebody sees it."""
    name = word()
    entitle(world, id, name)
    (found,) = shown(world, by, text=name).rows
    return found
