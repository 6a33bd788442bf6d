"""Who has a part in a proposal; each statement runs in the transaction of its caller."""

from __future__ import annotations

from sqlalchemy import Connection, select

from advisor.domain.lifecycle import Action
from advisor.store.tables.pilots import PilotRow
from advisor.store.tables.proposals import ProposalRow, VersionRow
from advisor.store.tables.review import DecisionRow


def writers(connection: Connection, id: str) -> frozenset[str]:
    """Return everybody who wrote a version: what they wrote is in what stands now, or led to it."""
    query = select(VersionRow.author).distinct().where(VersionRow.proposal_id == id)
    return frozenset(connection.execute(query).scalars())


def runners(connection: Connection, id: str) -> frozenset[str]:
    """Return everybody who started a pilot of it or handed one in."""
    started = select(PilotRow.author).where(PilotRow.proposal_id == id)
    handed = select(DecisionRow.actor).where(
        DecisionRow.proposal_id == id, DecisionRow.action == Action.RECORD_PILOT
    )
    return frozenset(connection.execute(started.union(handed)).scalars())


def owners(connection: Connection, id: str) -> frozenset[str]:
    """Return who began a proposal, and who handed it in."""
    began = select(ProposalRow.author).where(ProposalRow.id == id)
    handed = select(DecisionRow.actor).where(
        DecisionRow.proposal_id == id, DecisionRow.action == Action.SUBMIT
    )
    return frozenset(connection.execute(began.union(handed)).scalars())
