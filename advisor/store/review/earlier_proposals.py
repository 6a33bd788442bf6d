"""Statements about all that was ever handed in for review, and how it ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from advisor.domain.lifecycle import LEASED, State
from advisor.store.database.statements import now
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.tables.review import DecisionRow, LeaseRow, ReviewRow

_HANDED_IN = (
    select(ReviewRow.proposal_id, VersionRow.fingerprint)
    .join(ProposalRow, ProposalRow.id == ReviewRow.proposal_id)
    .join(
        VersionRow,
        (VersionRow.proposal_id == ProposalRow.id) & (VersionRow.version == ProposalRow.latest),
    )
    .order_by(ReviewRow.since.desc(), ReviewRow.proposal_id)
)
_STANDS = select(ReviewRow.proposal_id, ProposalRow.title, ReviewRow.state, ReviewRow.since).join(
    ProposalRow, ProposalRow.id == ReviewRow.proposal_id
)


@dataclass(frozen=True)
class Ended:
    """Where a proposal stands now, and the last reason that was given."""

    title: str
    state: State
    reason: str
    """In the words of whoever made the last decision."""
    at: datetime


def any_handed_in(connection: Connection) -> bool:
    """Tell whether anything was ever handed in."""
    return connection.execute(select(ReviewRow.proposal_id).limit(1)).first() is not None


def handed_in(connection: Connection) -> dict[str, str]:
    """Return the content of the latest version of all that was handed in, the newest first.

    No more of each, as there may be ten thousand: its SHA-256, by the id of the proposal.
    """
    return {id: content for id, content in connection.execute(_HANDED_IN)}


def ended(connection: Connection, ids: Collection[str]) -> dict[str, Ended]:
    """Return how some proposals ended, by id."""
    said = (
        select(DecisionRow.proposal_id, DecisionRow.reason)
        .where(DecisionRow.proposal_id.in_(ids), DecisionRow.reason != "")
        .order_by(DecisionRow.place)
    )
    running = select(LeaseRow.proposal_id).where(
        LeaseRow.proposal_id.in_(ids), LeaseRow.ended_at.is_(None), LeaseRow.expires_at > now()
    )
    reasons = {id: reason for id, reason in connection.execute(said)}  # the last of each stays
    holds = set(connection.execute(running).scalars())
    rows = connection.execute(_STANDS.where(ReviewRow.proposal_id.in_(ids)))
    return {
        id: Ended(
            title=title,
            state=State(state) if state not in LEASED or id in holds else State.EXPIRED,
            reason=reasons.get(id, ""),
            at=since,
        )
        for id, title, state, since in rows
    }
