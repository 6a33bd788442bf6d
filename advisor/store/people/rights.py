"""What roles let people do; attempts that are refused stand in the trail, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection

from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import AdvisorError, ConflictError, InputError, NotAllowedError
from advisor.presentation.wording import listing
from advisor.store.database import audit_trail
from advisor.store.database.sessions import Database
from advisor.store.people import people

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

    The local user, whom our table does not know, may.

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


def role_for(connection: Connection, person: str, able: frozenset[Role], refusal: str) -> Role:
    """Return the role in which a person does something, risk before others; nobody takes it now.

    Args:
        connection: The open transaction.
        person: Who wants to do it.
        able: The roles of which one is needed.
        refusal: What is said to somebody who holds none of them.

    Raises:
        NotAllowedError: they hold none of them now.
    """
    held = able & people.roles_of(connection, person)
    if not held:
        raise NotAllowedError("role", refusal)
    return Role.RISK if Role.RISK in held else min(held)


@contextmanager
def attempting(database: Database, attempt: Event) -> Iterator[Connection]:
    """Open a transaction that writes, and record `attempt` if what happens inside is refused."""
    with refusals_told(database, attempt), database.write() as connection:
        yield connection


@contextmanager
def refusals_told(database: Database, attempt: Event) -> Iterator[None]:
    """Record `attempt` if what happens inside is refused; put the transaction inside.

    What failed for other reasons, such as a database that is down, is no refusal.
    """
    try:
        yield
    except (NotAllowedError, ConflictError, InputError) as error:
        detail = {**attempt.detail, "because": _because(error)}
        with database.write() as connection:
            audit_trail.append(connection, replace(attempt, detail=detail))
        raise


def _because(error: AdvisorError) -> str:
    """Return why in one word: the sentence may name people."""
    if isinstance(error, NotAllowedError):
        return error.why
    return "conflict" if isinstance(error, ConflictError) else "incomplete"
