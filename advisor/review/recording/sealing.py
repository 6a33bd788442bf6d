"""Writing a record down once: what it says is hashed into the trail by the row of its export."""

from __future__ import annotations

from collections.abc import Callable

from advisor.domain.assessment import Assessment
from advisor.domain.trail import Event, TrailHead
from advisor.review.decisions.review_case import read_case
from advisor.review.dossier.access import reader
from advisor.review.recording.decision_record import EXPORTED, Body, Sealed, sha256_of
from advisor.review.recording.gather import about_version, body
from advisor.rules import RuleBook
from advisor.store import Store, Stored, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import check_id, check_name
from advisor.store.people.rights import REFUSED, attempting
from advisor.store.versions.version_records import AUTHOR

Assess = Callable[[Stored], Assessment]
"""Says what triage says about a version."""


def seal(store: Store, book: RuleBook, id: str, actor: str, assess: Assess | None) -> Sealed:
    """Write the record of what was decided about a proposal, and that it was written.

    Args:
        store: Where everything is kept.
        book: The rules in force.
        id: The proposal.
        actor: Who takes it away; the local user may, as at the command line.
        assess: Says what triage says; none leaves it out.

    Raises:
        NotFoundError: there is no such proposal.
        NotAllowedError: this person does not read its dossier; the attempt is recorded.
        InputError: it was never handed in.
    """
    version = about_version(store, check_id(id))
    stored = store.get(id, version)
    advice = assess(stored) if assess else None
    asked = {"asked": EXPORTED}
    attempt = Event(REFUSED, check_name("actor", actor), proposal=id, version=version, detail=asked)
    with attempting(store.database, attempt) as transaction:
        role = "" if actor == AUTHOR else reader(transaction, id, actor)
        rows = audit_trail.about(transaction, id, hold=True)
        case = read_case(transaction, id, book)
        made = body(store, case, stored, advice, rows, actor)
        return _sealed(transaction, made, role)


def _sealed(transaction: Transaction, made: Body, role: str) -> Sealed:
    sha256 = sha256_of(made)
    event = Event(
        EXPORTED,
        made.written_by,
        role,
        made.proposal,
        made.version,
        made.content,
        detail={"record": sha256},
    )
    row = audit_trail.append(transaction, event)
    return Sealed(body=made, export=row, head=str(TrailHead(row.seq, row.hash)), sha256=sha256)
