"""Statements about decisions and their conditions; each runs in the transaction of its caller."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from advisor.core.strict import canonical
from advisor.domain.lifecycle import LEASED, Action, State
from advisor.domain.review import ApprovalCondition, Decision
from advisor.store.database.statements import not_found, now
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import ConditionRow, DecisionRow, ReviewRow

_DECISION: tuple[Any, ...] = tuple(
    DecisionRow.__table__.c[{"proposal": "proposal_id"}.get(name, name)]
    for name in Decision.__dataclass_fields__
    if name != "conditions"
)


def about(connection: Connection, id: str, version: int | None = None) -> tuple[Decision, ...]:
    """Return what was decided about a proposal or one version of it, the oldest first."""
    query = select(*_DECISION).where(DecisionRow.proposal_id == id).order_by(DecisionRow.place)
    if version is not None:
        query = query.where(DecisionRow.version == version)
    return _read(connection, connection.execute(query).all())


def about_latest(
    connection: Connection, versions: Mapping[str, int]
) -> dict[str, tuple[Decision, ...]]:
    """Return what was decided about one version of some proposals, the oldest first, by id."""
    query = select(*_DECISION).where(DecisionRow.proposal_id.in_(versions))
    read = _read(connection, connection.execute(query.order_by(DecisionRow.place)).all())
    return {
        id: tuple(made for made in read if (made.proposal, made.version) == (id, version))
        for id, version in versions.items()
    }


def find(connection: Connection, id: str) -> Decision:
    """Return one decision.

    Raises:
        NotFoundError: there is no such decision.
    """
    found = _read(connection, connection.execute(select(*_DECISION).where(DecisionRow.id == id)))
    if not found:
        raise not_found("decision")
    return found[0]


def with_ids(connection: Connection, ids: Sequence[str]) -> tuple[Decision, ...]:
    """Return the decisions with these ids, those that there are."""
    query = select(*_DECISION).where(DecisionRow.id.in_(ids)).order_by(DecisionRow.id)
    return _read(connection, connection.execute(query).all())


def _read(connection: Connection, found: Iterable[Any]) -> tuple[Decision, ...]:
    given = [dict(zip(_NAMES, row, strict=True)) for row in found]
    under = conditions(connection, [one["id"] for one in given])
    return tuple(
        Decision(
            **one
            | {
                "action": Action(one["action"]),
                "source": State(one["source"]),
                "target": State(one["target"]),
                "detail": json.loads(one["detail"]),
                "conditions": tuple(item for item in under if item.decision == one["id"]),
            }
        )
        for one in given
    )


_NAMES = [name for name in Decision.__dataclass_fields__ if name != "conditions"]


def conditions(connection: Connection, decided: Sequence[str]) -> tuple[ApprovalCondition, ...]:
    """Return the conditions of some decisions."""
    query = select(*ConditionRow.__table__.columns).where(ConditionRow.decision_id.in_(decided))
    order = query.order_by(ConditionRow.decision_id, ConditionRow.place)
    return tuple(ApprovalCondition(*row) for row in connection.execute(order)) if decided else ()


def write(connection: Connection, made: Decision) -> None:
    """Write a decision with its conditions."""
    last = select(func.max(DecisionRow.place)).where(DecisionRow.proposal_id == made.proposal)
    place = (connection.execute(last).scalar() or 0) + 1
    values = {name: getattr(made, name) for name in _NAMES if name != "proposal"}
    values |= {"proposal_id": made.proposal, "place": place, "detail": canonical(dict(made.detail))}
    connection.execute(insert(DecisionRow).values(values))
    for term in made.conditions:
        connection.execute(
            insert(ConditionRow).values(
                decision_id=made.id,
                place=term.place,
                what=term.what,
                owner=term.owner,
                due=term.due,
            )
        )


def meet(connection: Connection, condition: ApprovalCondition, by: str) -> None:
    """Write down that a condition is met."""
    here = (ConditionRow.decision_id == condition.decision, ConditionRow.place == condition.place)
    connection.execute(update(ConditionRow).where(*here).values(met_by=by, met_at=now()))


_HOLDS = tuple(sorted({*LEASED, State.EVALUATED}))


@dataclass(frozen=True)
class OpenCondition:
    """A condition of an approval that holds, which nobody said is met."""

    decision: str
    place: int
    proposal: str
    title: str
    what: str
    owner: str
    due: date


def open_conditions(
    connection: Connection,
    owner: str | None = None,
    until: date | None = None,
    limit: int = 10_000,
) -> tuple[tuple[OpenCondition, ...], int]:
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
    terms = tuple(OpenCondition(*row) for row in connection.execute(ordered.limit(limit)))
    if len(terms) < limit:
        return terms, len(terms)
    total = select(func.count()).select_from(tables).where(*where)
    return terms, connection.execute(total).scalar_one()
