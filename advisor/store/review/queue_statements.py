"""Statements of the queue: who waits for whom is filtered, sorted, counted and paged in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    case,
    func,
    select,
)

from advisor.domain.lifecycle import State
from advisor.domain.review_queue import (
    GROUPS,
    ROWS,
    Filters,
    Flag,
    Headline,
    QueuedProposal,
    QueueOrder,
    QueueQuery,
    StateGroup,
)
from advisor.store.review.queue_conditions import QueueConditions, waits
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import LeaseRow, ReviewRow
from advisor.vocabulary import TIERS

_PAGES = 2**31 // ROWS - 1


def _in(group: StateGroup) -> ColumnElement[bool]:
    return ReviewRow.state.in_(sorted(GROUPS[group]))


_NAMED = ReviewRow.__table__.join(ProposalRow.__table__, ProposalRow.id == ReviewRow.proposal_id)
_FROM = _NAMED.outerjoin(
    LeaseRow.__table__,
    and_(LeaseRow.proposal_id == ReviewRow.proposal_id, LeaseRow.ended_at.is_(None)),
)
_TIER = case({name: place for place, name in enumerate(TIERS)}, value=ReviewRow.tier, else_=-1)
_AGE = (ReviewRow.since, ReviewRow.proposal_id)


def _orders(seen: QueueConditions) -> Mapping[QueueOrder, tuple[Any, ...]]:
    last = LeaseRow.expires_at.is_(None)  # where nothing ends
    return {
        QueueOrder.URGENT: (case((seen.overdue, 0), else_=1), _TIER.desc(), *_AGE),
        QueueOrder.OLDEST: _AGE,
        QueueOrder.NEWEST: (ReviewRow.since.desc(), ReviewRow.proposal_id),
        QueueOrder.ENDING: (case((last, 1), else_=0), LeaseRow.expires_at, *_AGE),
        QueueOrder.TITLE: (ProposalRow.title_folded, ReviewRow.proposal_id),
    }


def rows_of(
    connection: Connection, seen: QueueConditions, wanted: QueueQuery
) -> tuple[QueuedProposal, ...]:
    """Return one page of what is wanted."""
    columns = (
        ReviewRow.proposal_id, ProposalRow.title, ProposalRow.author, ReviewRow.state,
        ReviewRow.tier, ReviewRow.version, ReviewRow.since, ReviewRow.asked, ReviewRow.agreed,
        ReviewRow.agreed_risk, ReviewRow.against, LeaseRow.expires_at,
        seen.flagged(Flag.OVERRIDE), seen.overdue,
    )  # fmt: skip
    filters = wanted.filters
    where = seen.fits(filters) + ([_in(filters.group)] if filters.group else [])
    order = _orders(seen)[wanted.order]
    query = select(*columns).select_from(_FROM).where(*where).order_by(*order)
    skipped = (min(max(wanted.page, 1), _PAGES) - 1) * ROWS
    rows = connection.execute(query.offset(skipped).limit(ROWS)).all()
    about = _about(connection, seen, [row[0] for row in rows])
    return tuple(
        QueuedProposal(*[*row[:3], State(row[3]), *row[4:], *about[row[0]]]) for row in rows
    )


def _about(
    connection: Connection, seen: QueueConditions, ids: list[str]
) -> dict[str, tuple[bool, bool]]:
    """Return whether each waits for the person, and changed since they looked.

    Apart from `rows_of`: SQLite would work it out for all rows before it sorts them.
    """
    query = select(ReviewRow.proposal_id, seen.mine)
    rows = connection.execute(query.where(ReviewRow.proposal_id.in_(ids))).all()
    changed = set(connection.execute(seen.changed(ids)).scalars())
    return {id: (bool(mine), id in changed) for id, mine in rows}


def counts(
    connection: Connection, seen: QueueConditions, filters: Filters
) -> dict[StateGroup, int]:
    """Return how many proposals there are in each group under the other filters."""
    tables: FromClause = _FROM if filters.flag in _OF_LEASES else ReviewRow.__table__
    query = select(ReviewRow.state, func.count()).select_from(tables).where(*seen.fits(filters))
    states = {state: n for state, n in connection.execute(query.group_by(ReviewRow.state))}
    return {group: sum(states.get(state, 0) for state in GROUPS[group]) for group in StateGroup}


_OF_LEASES = {Flag.OVERRIDE, Flag.EXPIRING}


def headline(connection: Connection, seen: QueueConditions) -> Headline:
    """Return how much waits, whatever is filtered, and how long the oldest has waited."""
    late = case((seen.overdue, 1), else_=0)
    rows = select(seen.mine.label("mine"), ReviewRow.since, late.label("late")).where(waits())
    row = rows.subquery().c
    query = select(row.mine, func.count(), func.min(row.since), func.sum(row.late))
    parts = connection.execute(query.group_by(row.mine)).all()
    oldest = {bool(mine): (seen.at - since).days for mine, _, since, _ in parts}
    return Headline(
        mine=sum(n for mine, n, _, _ in parts if mine),
        mine_days=max(0, oldest.get(True, 0)),
        waiting=sum(n for _, n, _, _ in parts),
        waiting_days=max(0, 0, *oldest.values()),
        overdue=sum(late for *_, late in parts),
    )


def owners(connection: Connection) -> list[str]:
    """Return who began what is in review."""
    query = select(ProposalRow.author).distinct().select_from(_NAMED)
    return sorted(connection.execute(query).scalars())
