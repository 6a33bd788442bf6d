"""Who is told of what: put into the outbox in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from advisor.domain.lifecycle import Action, Role
from advisor.domain.review import Decision
from advisor.review.notifying.channels import MAIL, WEBHOOK, open_channels
from advisor.store import Transaction
from advisor.store.people import people
from advisor.store.review import message_outbox, parts

JUDGES = (Role.REVIEWER, Role.RISK)
VOTE = "vote"
"""One person agreed, and others must, too."""
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
    moved = made.target is not made.source or made.action is Action.RECORD_PILOT
    kind = VOTE if not moved and made.action is not Action.ABSTAIN else made.action
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
