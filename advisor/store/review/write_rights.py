"""What roles let people write outside review; the local user, whom our table does not know, may."""

from __future__ import annotations

from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import NotAllowedError
from advisor.presentation.wording import listing
from advisor.store.database import audit_trail
from advisor.store.database.sessions import Database
from advisor.store.review import people

REFUSED = "refused_attempt"
"""The action of a row of the trail that tells of an attempt."""
WRITING = frozenset({Role.OWNER})
"""Who writes proposals."""
TRYING = frozenset({Role.OWNER, Role.RUNNER})
"""Who starts, pauses and cancels pilots."""
TEACHING = frozenset(Role) - {Role.AUDITOR}
"""Who says what a failure is, and has the classifier learn from it."""


def check_role(database: Database, person: str, able: frozenset[Role], what: str) -> None:
    """Refuse a person who holds none of some roles now, and record that they tried.

    Args:
        database: Where people are kept.
        person: Who wants to write.
        able: The roles of which one is needed.
        what: What they want, as one word for the trail.

    Raises:
        NotAllowedError: they hold none of them.
    """
    with database.read() as connection:
        known = people.everybody(connection, [person])
    if not known or able & set(known[0].roles):
        return
    with database.write() as connection:
        detail = {"asked": what, "because": "role"}
        audit_trail.append(connection, Event(REFUSED, person, detail=detail))
    needed = listing((role for role in Role if role in able), "or")
    raise NotAllowedError("role", f"This needs the role {needed}, which you do not hold now.")
