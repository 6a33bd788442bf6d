"""Who is told of what: put into the outbox in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from advisor.domain.lifecycle import Action, Role
from advisor.domain.review import Decision
from advisor.review.notifying.channels import MAIL, WEBHOOK, open_channels
from advisor.store.review import message_outbox, reviewing
from advisor.store.review.people import everybody
from advisor.store.tables.proposals import ProposalRow
from advisor.store.tables.review import DecisionRow, RoleRow

JUDGES = (Role.REVIEWER, Role.RISK)
VOTE = "vote"
"""One person agreed, and others must, too."""
Who = Callable[[Connection, str], frozenset[str]]


def owners(connection: Connection, proposal: str) -> frozenset[str]:
    """Return who began a proposal, and who handed it in."""
    began = select(ProposalRow.author).where(ProposalRow.id == proposal)
    handed = select(DecisionRow.actor).where(
        DecisionRow.proposal_id == proposal, DecisionRow.action == Action.SUBMIT
    )
    return frozenset(connection.execute(began.union(handed)).scalars())


def judges(connection: Connection, proposal: str) -> frozenset[str]:
    """Return who may decide about a proposal: they have a role for it and no part in it."""
    held = select(RoleRow.person_id).where(RoleRow.role.in_(JUDGES))
    able = frozenset(connection.execute(held).scalars())
    return able - reviewing.writers(connection, proposal) - reviewing.runners(connection, proposal)


AUDIENCES: Mapping[str, tuple[Who, ...]] = {
    Action.SUBMIT: (judges,),
    Action.RECORD_PILOT: (judges, owners),
    VOTE: (judges,),
    Action.APPROVE_PILOT: (owners,),
    Action.APPROVE: (owners,),
    Action.OVERRIDE: (owners,),
    Action.REQUEST_CHANGES: (owners,),
    Action.REFUSE: (owners,),
    Action.REVOKE: (owners,),
    Action.EXPIRE: (owners, judges),
}
"""Who is told when something is done; of what is not here nobody is."""


def note_decision(connection: Connection, made: Decision) -> None:
    """Put in what a decision has to tell; whoever made it is not told."""
    moved = made.target is not made.source or made.action is Action.RECORD_PILOT
    kind = VOTE if not moved and made.action is not Action.ABSTAIN else made.action
    if kind not in AUDIENCES or not open_channels():
        return
    told = frozenset[str]().union(*(who(connection, made.proposal) for who in AUDIENCES[kind]))
    detail = {"decision": made.id, "actor": made.actor, "version": made.version}
    put(connection, kind, (made.proposal, made.id), detail, told - {made.actor})


def put(
    connection: Connection,
    kind: str,
    about: tuple[str, str],
    detail: Mapping[str, Any],
    who: Iterable[str],
) -> None:
    """Put a message in for the webhook, and one for everybody with an address.

    Args:
        connection: The open transaction.
        kind: What happened.
        about: Id of the proposal, and of what happened; each person is told once of it.
        detail: Ids, days and figures that the words are made of.
        who: Ids of people.
    """
    channels = open_channels()
    if WEBHOOK in channels:
        message_outbox.put(connection, WEBHOOK, "", kind, about, detail)
    if MAIL in channels:
        for person in everybody(connection, who):
            if person.email:
                message_outbox.put(connection, MAIL, person.id, kind, about, detail)
