"""Statements about conditions of approvals that hold, across proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from advisor.domain.lifecycle import LEASED, State
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import ConditionRow, DecisionRow, ReviewRow

_HOLDS = tuple(sorted({*LEASED, State.EVALUATED}))


@dataclass(frozen=True)
class OpenTerm:
    """A condition of an approval that holds, which nobody said is met."""

    decision: str
    place: int
    proposal: str
    title: str
    what: str
    owner: str
    due: date


def open_terms(
    connection: Connection,
    owner: str | None = None,
    until: date | None = None,
    limit: int = 10_000,
) -> tuple[tuple[OpenTerm, ...], int]:
    """Return open conditions, those due first, and how many there are in all.

    Args:
        connection: The open transaction.
        owner: Only those of this person.
        until: Only those due on this day or before.
        limit: How many to return.
    """
    where = [
        ConditionRow.met_at.is_(None),
        ReviewRow.state.in_(_HOLDS),
        ReviewRow.version == DecisionRow.version,
    ]
    where += [ConditionRow.owner == owner] if owner is not None else []
    where += [ConditionRow.due <= until] if until is not None else []
    tables = (
        ConditionRow.__table__
        .join(DecisionRow.__table__, DecisionRow.id == ConditionRow.decision_id)
        .join(ReviewRow.__table__, ReviewRow.proposal_id == DecisionRow.proposal_id)
        .join(ProposalRow.__table__, ProposalRow.id == DecisionRow.proposal_id)
    )
    columns = (
        ConditionRow.decision_id, ConditionRow.place, DecisionRow.proposal_id, ProposalRow.title,
        ConditionRow.what, ConditionRow.owner, ConditionRow.due,
    )  # fmt: skip
    query = select(*columns).select_from(tables).where(*where)
    ordered = query.order_by(ConditionRow.due, ConditionRow.decision_id, ConditionRow.place)
    terms = tuple(OpenTerm(*row) for row in connection.execute(ordered.limit(limit)))
    if len(terms) < limit:
        return terms, len(terms)
    total = select(func.count()).select_from(tables).where(*where)
    return terms, connection.execute(total).scalar_one()
