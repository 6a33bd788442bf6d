"""A change of the rules stands in the trail: from when on which rules were in force."""

from __future__ import annotations

from sqlalchemy import select

from advisor.domain.trail import Event
from advisor.review.queue.upkeep import ADVISOR
from advisor.rules import RuleBook
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.database.statements import alone
from advisor.store.tables.trail import TrailRow

CHANGED = "change_rules"
"""The action of such a row."""


def note_rules(store: Store, book: RuleBook) -> bool:
    """Record the rules in force if the last row about rules names others; whether it did.

    Rules are files: whoever edits them is known to where they are kept, not to us.
    """
    query = select(TrailRow.rules).where(TrailRow.action == CHANGED)
    with store.database.write() as connection:
        alone(connection, TrailRow)
        before = connection.execute(query.order_by(TrailRow.seq.desc()).limit(1)).scalar()
        if before == book.fingerprint:
            return False
        detail = {"before": before or ""}
        audit_trail.append(
            connection, Event(CHANGED, ADVISOR, rules=book.fingerprint, detail=detail)
        )
    return True
