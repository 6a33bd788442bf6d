"""Statements about what one person wrote: where it stands, and what its pilot came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from advisor.domain.lifecycle import Action, State
from advisor.store.tables.pilots import PilotRow
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.tables.review import DecisionRow, LeaseRow, ReviewRow


@dataclass(frozen=True)
class OwnProposal:
    """One proposal that a person wrote a version of."""

    proposal: str
    title: str
    version: int
    state: State
    submitted: bool
    """Whether it was ever handed in."""
    since: datetime
    granted: datetime | None
    """When its running approval was given."""
    ends: datetime | None
    override: bool
    pilot: str | None
    """The pilot that was handed in."""


_FROM = ProposalRow.__table__.outerjoin(
    ReviewRow.__table__, ReviewRow.proposal_id == ProposalRow.id
).outerjoin(
    LeaseRow.__table__,
    and_(LeaseRow.proposal_id == ProposalRow.id, LeaseRow.ended_at.is_(None)),
)
_STATE = func.coalesce(ReviewRow.state, State.DRAFT)
_SINCE = func.coalesce(ReviewRow.since, ProposalRow.updated_at)


def _mine(person: str) -> ColumnElement[bool]:
    wrote = select(VersionRow.proposal_id).where(VersionRow.author == person)
    return and_(ProposalRow.id.in_(wrote), ProposalRow.archived_at.is_(None))


def own(
    connection: Connection, person: str, offset: int, limit: int
) -> tuple[tuple[OwnProposal, ...], int]:
    """Return what a person wrote, in review first, and how much there is in all."""
    columns = (
        ProposalRow.id, ProposalRow.title, ProposalRow.latest, _STATE,
        ReviewRow.proposal_id.is_not(None), _SINCE, LeaseRow.granted_at, LeaseRow.expires_at,
        func.coalesce(LeaseRow.override, False), ReviewRow.pilot,
    )  # fmt: skip
    inside = case((ReviewRow.proposal_id.is_(None), 1), else_=0)
    query = select(*columns).select_from(_FROM).where(_mine(person))
    ordered = query.order_by(inside, _SINCE.desc(), ProposalRow.id)
    rows = connection.execute(ordered.offset(offset).limit(limit))
    total = select(func.count()).select_from(ProposalRow).where(_mine(person))
    return _read(rows), connection.execute(total).scalar_one()


def asking(
    connection: Connection, person: str, states: Iterable[State], until: datetime
) -> tuple[OwnProposal, ...]:
    """Return what a person wrote that stands in some states, or whose approval ends by then."""
    columns = (
        ProposalRow.id, ProposalRow.title, ProposalRow.latest, ReviewRow.state,
        ReviewRow.proposal_id.is_not(None), ReviewRow.since, LeaseRow.granted_at,
        LeaseRow.expires_at, func.coalesce(LeaseRow.override, False), ReviewRow.pilot,
    )  # fmt: skip
    asks = or_(
        ReviewRow.state.in_(sorted(states)),
        and_(ReviewRow.state == State.APPROVED, LeaseRow.expires_at <= until),
    )
    query = select(*columns).select_from(_FROM).where(_mine(person), asks)
    return _read(connection.execute(query.order_by(ReviewRow.since, ProposalRow.id).limit(500)))


def _read(rows: Iterable[Iterable[Any]]) -> tuple[OwnProposal, ...]:
    given = ([*row] for row in rows)
    return tuple(OwnProposal(*[*row[:3], State(row[3]), *row[4:]]) for row in given)


def last_words(connection: Connection, ids: Iterable[str], action: Action) -> dict[str, str]:
    """Return the last reason that was given with an action, by proposal."""
    query = select(DecisionRow.proposal_id, DecisionRow.reason).where(
        DecisionRow.proposal_id.in_([*ids]), DecisionRow.action == action
    )
    rows = connection.execute(query.order_by(DecisionRow.proposal_id, DecisionRow.place))
    return {id: reason for id, reason in rows}  # the last one of each stays


def pilots(connection: Connection, ids: Iterable[str]) -> dict[str, list[tuple[str, datetime]]]:
    """Return the state of every pilot of some proposals and when it was asked for, by proposal."""
    query = select(PilotRow.proposal_id, PilotRow.state, PilotRow.created_at).where(
        PilotRow.proposal_id.in_([*ids])
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for id, state, at in connection.execute(query.order_by(PilotRow.created_at)):
        found.setdefault(str(id), []).append((state, at))
    return found
