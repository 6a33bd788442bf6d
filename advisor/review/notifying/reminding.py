"""What is told before something ends: approvals, and conditions that somebody must meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from advisor.review.leases import final_day
from advisor.review.lifecycle import LEASED, State
from advisor.review.notifying.channels import open_channels
from advisor.review.notifying.events import judges, owners, put
from advisor.review.queue_records import SOON, VERY_SOON
from advisor.store import Store, reviewing
from advisor.store.review_records import Lease, Standing
from advisor.store.review_tables import ConditionRow, DecisionRow, ReviewRow
from advisor.store.statements import now

ENDS, DUE = "ends", "due"
_NOTICES = (VERY_SOON, SOON)
_RUNNING = tuple(sorted({*LEASED, State.EVALUATED}))


def remind(store: Store) -> None:
    """Put in what is due to be told now; what was told is not told again."""
    if not open_channels():
        return
    at = now()
    with store.database.read() as connection:
        running = reviewing.running(connection)
    ending = [one for one in running if one[0].state in LEASED and _notice(one[1], at)]
    with store.database.write() as connection:
        for where, lease in ending:
            _tell_end(connection, where, lease, at)
        _tell_conditions(connection, at)


def _notice(lease: Lease, at: datetime) -> timedelta | None:
    """Return which notice is due; a short approval gets none long before its end."""
    left, whole = lease.expires_at - at, lease.expires_at - lease.granted_at
    fitting = (one for one in _NOTICES if timedelta(0) < left <= one and 2 * one <= whole)
    return next(fitting, None)


def _tell_end(connection: Connection, where: Standing, lease: Lease, at: datetime) -> None:
    notice = _notice(lease, at)
    days = notice.days if notice else 0
    detail = {"last": final_day(lease).isoformat(), "kind": lease.kind}
    who = owners(connection, where.proposal) | judges(connection, where.proposal)
    put(connection, ENDS, (where.proposal, f"{lease.decision}/{days}"), detail, who)


def _tell_conditions(connection: Connection, at: datetime) -> None:
    """Tell whoever must meet a condition within a week, while what it belongs to stands."""
    query = (
        select(
            DecisionRow.proposal_id,
            ConditionRow.decision_id,
            ConditionRow.place,
            ConditionRow.owner,
            ConditionRow.due,
        )
        .join_from(ConditionRow, DecisionRow, DecisionRow.id == ConditionRow.decision_id)
        .join(ReviewRow, ReviewRow.proposal_id == DecisionRow.proposal_id)
        .where(
            ConditionRow.met_at.is_(None),
            ConditionRow.due <= (at + VERY_SOON).date(),
            ReviewRow.state.in_(_RUNNING),
            ReviewRow.version == DecisionRow.version,
        )
    )
    for proposal, decision, place, owner, day in connection.execute(query).all():
        detail = {"decision": decision, "place": place, "last": day.isoformat()}
        put(connection, DUE, (proposal, f"{decision}/{place}"), detail, [owner])
