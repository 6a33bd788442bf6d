"""Conditions of approvals that hold and that nobody said are met yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from advisor.review.queue.queue_page import named
from advisor.store import Store
from advisor.store.database.statements import now
from advisor.store.review.decisions import OpenCondition, open_conditions


@dataclass(frozen=True)
class OpenConditions:
    """Open conditions, those due first."""

    terms: tuple[OpenCondition, ...]
    total: int
    overdue: int
    names: Mapping[str, str]
    """Names of their owners, by id."""
    today: date


def list_open_conditions(store: Store, limit: int, owner: str | None = None) -> OpenConditions:
    """Return open conditions: everybody's, or those of one person."""
    today = now().date()
    with store.database.read() as transaction:
        terms, total = open_conditions(transaction, owner, limit=limit)
        overdue = sum(term.due < today for term in terms)
        if overdue == len(terms) < total:  # those due first are all shown, so more may be late
            _, overdue = open_conditions(
                transaction, owner, until=today - timedelta(days=1), limit=0
            )
        names = named(transaction, {term.owner for term in terms})
    return OpenConditions(terms, total, overdue, names, today)
