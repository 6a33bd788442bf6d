"""Who is told of what, when it happens and before it ends: put in where it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from advisor.domain.lifecycle import LEASED, Action, Role
from advisor.domain.review import Decision, Lease, Standing, final_day
from advisor.domain.review_queue import SOON, VERY_SOON
from advisor.review.notifying.channels import MAIL, WEBHOOK, open_channels
from advisor.store import Store, Transaction
from advisor.store.database.statements import now
from advisor.store.people import people
from advisor.store.review import approvals, message_outbox, parts
from advisor.store.review.decisions import open_conditions

JUDGES = (Role.REVIEWER, Role.RISK)
VOTE, ENDS, DUE = "vote", "ends", "due"
"""One agreed, and others must, too; an approval ends; a condition is due."""
_NOTICES = (VERY_SOON, SOON)
"""How long before an end people are told."""
Who = Callable[[Transaction, str], frozenset[str]]


def judges(transaction: Transaction, proposal: str) -> frozenset[str]:
    """Return who may decide about a proposal: they have a role for it and no part in it."""
    able = people.holders(transaction, JUDGES)
    return able - parts.writers(transaction, proposal) - parts.runners(transaction, proposal)


AUDIENCES: Mapping[str, tuple[Who, ...]] = {
    Action.SUBMIT: (judges,),
    Action.RECORD_PILOT: (judges, parts.owners),
    VOTE: (judges,),
    Action.APPROVE_PILOT: (parts.owners,),
    Action.APPROVE: (parts.owners,),
    Action.OVERRIDE: (parts.owners,),
    Action.REQUEST_CHANGES: (parts.owners,),
    Action.REFUSE: (parts.owners,),
    Action.REVOKE: (parts.owners,),
    Action.EXPIRE: (parts.owners, judges),
}
"""Who is told when something is done; of what is not here nobody is."""


def note_decision(transaction: Transaction, made: Decision) -> None:
    """Put in what a decision has to tell; whoever made it is not told."""
    kind = VOTE if not made.moved and made.action is not Action.ABSTAIN else made.action
    if kind not in AUDIENCES or not open_channels():
        return
    told = frozenset[str]().union(*(who(transaction, made.proposal) for who in AUDIENCES[kind]))
    detail = {"decision": made.id, "actor": made.actor, "version": made.version}
    put(transaction, kind, (made.proposal, made.id), detail, told - {made.actor})


def put(
    transaction: Transaction,
    kind: str,
    about: tuple[str, str],
    detail: Mapping[str, Any],
    who: Iterable[str],
) -> None:
    """Put a message in for the webhook, and one for everybody with an address.

    Args:
        transaction: The open transaction.
        kind: What happened.
        about: Id of the proposal, and of what happened; each person is told once of it.
        detail: Ids, days and figures that the words are made of.
        who: Ids of people.
    """
    channels = open_channels()
    if WEBHOOK in channels:
        message_outbox.put(transaction, WEBHOOK, "", kind, about, detail)
    if MAIL in channels:
        for person in people.everybody(transaction, who):
            if person.email:
                message_outbox.put(transaction, MAIL, person.id, kind, about, detail)


def remind(store: Store) -> None:
    """Put in what is due to be told now; what was told is not told again."""
    if not open_channels():
        return
    at = now()
    with store.database.read() as transaction:
        running = approvals.running(transaction)
    ending = [
        (where, lease) for where, lease in running if where.state in LEASED and _notice(lease, at)
    ]
    with store.database.write() as transaction:
        for where, lease in ending:
            _tell_end(transaction, where, lease, at)
        _tell_conditions(transaction, at)


def _notice(lease: Lease, at: datetime) -> timedelta | None:
    """Return which notice is due; a short approval gets none long before its end."""
    left, whole = lease.expires_at - at, lease.expires_at - lease.granted_at
    fitting = (early for early in _NOTICES if timedelta(0) < left <= early and 2 * early <= whole)
    return next(fitting, None)


def _tell_end(transaction: Transaction, where: Standing, lease: Lease, at: datetime) -> None:
    notice = _notice(lease, at)
    days = notice.days if notice else 0
    detail = {"last": final_day(lease).isoformat(), "kind": lease.kind}
    who = parts.owners(transaction, where.proposal) | judges(transaction, where.proposal)
    put(transaction, ENDS, (where.proposal, f"{lease.decision}/{days}"), detail, who)


def _tell_conditions(transaction: Transaction, at: datetime) -> None:
    """Tell whoever must meet a condition within a week, while what it belongs to stands."""
    for term in open_conditions(transaction, until=(at + VERY_SOON).date())[0]:
        detail = {"decision": term.decision, "place": term.place, "last": term.due.isoformat()}
        about = (term.proposal, f"{term.decision}/{term.place}")
        put(transaction, DUE, about, detail, [term.owner])
