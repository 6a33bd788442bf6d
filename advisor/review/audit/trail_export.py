"""Taking the whole trail away: recorded in its last row, so that the export names it too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event, TrailHead
from advisor.review.audit.trail_file import exported
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.people.rights import REFUSED, attempting, role_for
from advisor.store.versions.version_records import AUTHOR

EXPORTED = "export_trail"
"""The action of the row that an export leaves."""
TAKERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Who takes the trail away; the local user may, too, as at the command line."""
_REFUSAL = "Auditors and administrators take the trail away."


def begin(store: Store, actor: str) -> TrailHead:
    """Record an export and return the head that it will name.

    Raises:
        NotAllowedError: this person may not; the attempt is recorded.
    """
    attempt = Event(REFUSED, actor, detail={"asked": EXPORTED})
    with attempting(store.database, attempt) as transaction:
        role = "" if actor == AUTHOR else role_for(transaction, actor, TAKERS, _REFUSAL)
        row = audit_trail.append(transaction, Event(EXPORTED, actor, role))
    return TrailHead(row.seq, row.hash)


@contextmanager
def pieces(store: Store, head: TrailHead) -> Iterator[Iterator[bytes]]:
    """Give the lines of an export up to a head, one at a time."""
    with store.trail.rows(head.seq) as rows:
        yield exported(rows, head)
