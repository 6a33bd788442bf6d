"""Who may read a dossier, that they did, and what changed since they looked last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from advisor.domain.lifecycle import BUTTONS, Role
from advisor.domain.review import Decision
from advisor.domain.trail import Event, TrailEntry
from advisor.errors import NotAllowedError
from advisor.presentation.differences import told
from advisor.presentation.wording import moment
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.dossier_record import Dossier, SinceLastLook
from advisor.rules import RuleBook
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


def looked(
    store: Store, view: ReviewView, book: RuleBook, person: str, names: Mapping[str, str]
) -> tuple[datetime | None, SinceLastLook | None]:
    """Return when a person first saw what is there now, and what differs from what they saw before.

    What they saw before is the newest of their views that showed something else: another version,
    other rules, or fewer decisions.
    """
    now = (view.about.version, book.fingerprint, len(view.history))
    first, before = None, None
    for row in views(store, view.about.proposal, person):
        if _shown(row) != now:
            before = row
            break
        first = datetime.fromisoformat(row.at)
    return first, _since(store, view, book, before, names) if before else None


def _shown(row: TrailEntry) -> tuple[int | None, str | None, int]:
    return (row.version, row.rules, int(json.loads(row.detail).get("decisions", 0)))


def _since(
    store: Store, view: ReviewView, book: RuleBook, row: TrailEntry, names: Mapping[str, str]
) -> SinceLastLook | None:
    at, version, (_, rules, decisions) = datetime.fromisoformat(row.at), row.version, _shown(row)
    if version is None:
        return None
    other = version != view.about.version
    differs = store.compare(view.about.proposal, version, view.about.version) if other else {}
    return SinceLastLook(
        version=version,
        at=at,
        fields=tuple(told(differs, book)),
        rules=rules != book.fingerprint,
        happened=tuple(_happened(made, names) for made in view.history[decisions:]),
    )


def _happened(one: Decision, names: Mapping[str, str]) -> str:
    who = names.get(one.actor, one.actor)
    return f"“{BUTTONS[one.action]}” by {who}, version {one.version}, {moment(one.at)}"
