"""Conditions of approvals that hold and that nobody said are met yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from advisor.review.queue.queue_page import named
from advisor.store import Store
from advisor.store.database.statements import now
from advisor.store.review.decisions import OpenTerm, open_terms


@dataclass(frozen=True)
class Terms:
    """Open conditions, those due first."""

    terms: tuple[OpenTerm, ...]
    total: int
    overdue: int
    names: Mapping[str, str]
    """Names of their owners, by id."""
    today: date


def open_conditions(store: Store, limit: int, owner: str | None = None) -> Terms:
    """Return open conditions: everybody's, or those of one person."""
    today = now().date()
    with store.database.read() as transaction:
        terms, total = open_terms(transaction, owner, limit=limit)
        overdue = sum(one.due < today for one in terms)
        if overdue == len(terms) < total:  # those due first are all shown, so more may be late
            _, overdue = open_terms(transaction, owner, until=today - timedelta(days=1), limit=0)
        names = named(transaction, {one.owner for one in terms})
    return Terms(terms, total, overdue, names, today)
