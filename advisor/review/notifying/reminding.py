"""What is told before something ends: approvals, and conditions that somebody must meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from advisor.domain.lifecycle import LEASED
from advisor.domain.review import Lease, Standing, final_day
from advisor.domain.review_queue import SOON, VERY_SOON
from advisor.review.notifying.channels import open_channels
from advisor.review.notifying.notices import judges, put
from advisor.store import Store, Transaction
from advisor.store.database.statements import now
from advisor.store.review import approvals, parts
from advisor.store.review.decisions import open_terms

ENDS, DUE = "ends", "due"
_NOTICES = (VERY_SOON, SOON)


def remind(store: Store) -> None:
    """Put in what is due to be told now; what was told is not told again."""
    if not open_channels():
        return
    at = now()
    with store.database.read() as transaction:
        running = approvals.running(transaction)
    ending = [one for one in running if one[0].state in LEASED and _notice(one[1], at)]
    with store.database.write() as transaction:
        for where, lease in ending:
            _tell_end(transaction, where, lease, at)
        _tell_conditions(transaction, at)


def _notice(lease: Lease, at: datetime) -> timedelta | None:
    """Return which notice is due; a short approval gets none long before its end."""
    left, whole = lease.expires_at - at, lease.expires_at - lease.granted_at
    fitting = (one for one in _NOTICES if timedelta(0) < left <= one and 2 * one <= whole)
    return next(fitting, None)


def _tell_end(transaction: Transaction, where: Standing, lease: Lease, at: datetime) -> None:
    notice = _notice(lease, at)
    days = notice.days if notice else 0
    detail = {"last": final_day(lease).isoformat(), "kind": lease.kind}
    who = parts.owners(transaction, where.proposal) | judges(transaction, where.proposal)
    put(transaction, ENDS, (where.proposal, f"{lease.decision}/{days}"), detail, who)


def _tell_conditions(transaction: Transaction, at: datetime) -> None:
    """Tell whoever must meet a condition within a week, while what it belongs to stands."""
    for one in open_terms(transaction, until=(at + VERY_SOON).date())[0]:
        detail = {"decision": one.decision, "place": one.place, "last": one.due.isoformat()}
        put(transaction, DUE, (one.proposal, f"{one.decision}/{one.place}"), detail, [one.owner])
