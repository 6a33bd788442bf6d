"""Who may read a dossier, and that they did."""

from __future__ import annotations

from datetime import UTC, datetime

from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event, TrailEntry
from advisor.errors import NotAllowedError
from advisor.review.dossier.dossier_record import Dossier
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.audit_trail import TrailQuery
from advisor.store.database.statements import check_id, claim, new_id
from advisor.store.people import people
from advisor.store.review import parts
from advisor.store.review.queue_conditions import LOOK
from advisor.store.versions import version_rows

READERS = (Role.RISK, Role.REVIEWER, Role.AUDITOR)
"""Who may read every dossier; an owner reads the ones of what they wrote."""
_LOOKED_AT = 200
"""Views of one person that are looked through."""


def reader(transaction: Transaction, id: str, person: str) -> Role:
    """Return the role in which a person reads the dossier of a proposal.

    Raises:
        NotFoundError: there is no such proposal.
        NotAllowedError: they hold no role that reads it.
    """
    version_rows.find(transaction, check_id(id))
    held = people.roles_of(transaction, person, hold=False)
    if reads := [role for role in READERS if role in held]:
        return reads[0]
    if Role.OWNER in held and person in parts.writers(transaction, id):
        return Role.OWNER
    raise NotAllowedError(
        "role", "Only reviewers, risk, auditors and those who wrote this proposal read its dossier."
    )


def views(store: Store, id: str, person: str) -> tuple[TrailEntry, ...]:
    """Return when a person opened this dossier, the newest first."""
    found = store.trail.newest(TrailQuery(id, person, LOOK, limit=_LOOKED_AT))
    return tuple(row for row in found if isinstance(row, TrailEntry))


def note_view(store: Store, read: Dossier, person: str) -> None:
    """Record that a person opened a dossier, once for each version and hour.

    Raises:
        NotAllowedError: they may not read it any more.
    """
    about = read.view.about
    hour = datetime.now(UTC).strftime("%Y%m%d%H")
    last = next(iter(views(store, about.proposal, person)), None)
    if last and last.version == about.version and _hour(last) == hour:
        return
    key = f"{LOOK}/{about.proposal}/{about.version}/{hour}"
    with store.database.write() as transaction:
        role, mine = reader(transaction, about.proposal, person), new_id()
        if claim(transaction, person, key, LOOK, mine) == mine:
            detail = {"state": read.view.state, "decisions": len(read.view.history)}
            audit_trail.append(
                transaction,
                Event(
                    LOOK, person, role, about.proposal, about.version, about.content,
                    read.rules, detail,
                ),
            )  # fmt: skip


def _hour(row: TrailEntry) -> str:
    return datetime.fromisoformat(row.at).strftime("%Y%m%d%H")
