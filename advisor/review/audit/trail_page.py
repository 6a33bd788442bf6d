"""A page of the trail, with the names and titles that the trail itself does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from advisor.domain.trail import TrailEntry, Unreadable
from advisor.review.audit.trail_words import people_in
from advisor.store import Store
from advisor.store.database.audit_trail import TrailQuery
from advisor.store.people import people
from advisor.store.review import standing


class TrailPage(NamedTuple):
    """Rows, the newest first."""

    rows: tuple[TrailEntry | Unreadable, ...]
    names: Mapping[str, str]
    titles: Mapping[str, str]
    older: int | None
    """The row before which the next page begins; none where this is the last."""


def page_of(store: Store, wanted: TrailQuery) -> TrailPage:
    """Return the rows that are wanted; one that cannot be read leaves its place."""
    found = store.trail.newest(replace(wanted, limit=wanted.limit + 1))
    rows = found[: wanted.limit]
    readable = [row for row in rows if isinstance(row, TrailEntry)]
    with store.database.read() as transaction:
        names = people.names(transaction, {id for row in readable for id in people_in(row)})
        titles = standing.titles(transaction, {row.proposal for row in readable if row.proposal})
    more = len(found) > len(rows) and bool(readable)
    return TrailPage(rows, names, titles, readable[-1].seq if more else None)
