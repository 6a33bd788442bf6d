"""Statements about people and their roles; each runs in the transaction of its caller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from advisor.domain.lifecycle import Role
from advisor.errors import NotFoundError
from advisor.store.database.statements import alone, insert_once, is_plain, not_found, now
from advisor.store.tables.review import PersonRow, RoleRow

ERASED = "(erased)"
"""What stands for the name of a person who was erased."""


@dataclass(frozen=True)
class Person:
    """A person, and what they may be now."""

    id: str
    name: str
    email: str | None
    created_at: datetime
    erased: bool
    roles: tuple[Role, ...] = ()
    """In the order of `Role`."""


def roles_of(connection: Connection, person: str, hold: bool = True) -> frozenset[Role]:
    """Return the roles that a person holds now; with `hold` nobody takes one meanwhile."""
    query = select(RoleRow.role).where(RoleRow.person_id == person)
    query = query.with_for_update(read=True) if hold else query
    held = connection.execute(query).scalars().all()
    return frozenset(role for role in Role if role in held)


_WITH_ROLES = (
    select(*PersonRow.__table__.columns, RoleRow.role)
    .outerjoin(RoleRow, RoleRow.person_id == PersonRow.id)
    .order_by(PersonRow.name, PersonRow.id)
)
_BY_SUBJECT = _WITH_ROLES.where(PersonRow.subject == bindparam("subject"))
"""Every screen asks it first, so it is built once."""


def everybody(connection: Connection, ids: Iterable[str] | None = None) -> tuple[Person, ...]:
    """Return people by name: all, or those with these ids."""
    query = _WITH_ROLES
    if ids is not None:
        query = query.where(PersonRow.id.in_(sorted(set(ids))))
    return _people(connection.execute(query))


def _people(found: Iterable[Any]) -> tuple[Person, ...]:
    """Return people from one row for each role, and one without for who has none."""
    rows, roles = {}, defaultdict[str, set[str]](set)
    for row in found:
        rows[row.id] = row
        roles[row.id].add(row.role)
    return tuple(_person(row, roles[id]) for id, row in rows.items())


def _person(row: Any, roles: set[str]) -> Person:
    held = tuple(role for role in Role if role in roles)
    return Person(row.id, row.name, row.email, row.created_at, row.erased_at is not None, held)


def find(connection: Connection, text: str) -> Person:
    """Return the person with this id or this address.

    Raises:
        NotFoundError: there is none.
    """
    known = or_(PersonRow.id == text, PersonRow.email == text.casefold())
    row = connection.execute(select(PersonRow.id).where(known)).first() if is_plain(text) else None
    if row is None:
        raise NotFoundError("There is no such person. `advisor people list` shows everybody.")
    return everybody(connection, [row.id])[0]


def holders(connection: Connection, roles: Iterable[Role]) -> frozenset[str]:
    """Return the ids of everybody who holds one of some roles."""
    query = select(RoleRow.person_id).where(RoleRow.role.in_([*roles]))
    return frozenset(connection.execute(query).scalars())


def names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return names by id, for those who are known."""
    query = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(sorted(set(ids))))
    return {id: name for id, name in connection.execute(query)}


def add(connection: Connection, id: str, name: str, email: str | None) -> None:
    """Write a person."""
    connection.execute(
        insert(PersonRow).values(id=id, name=name, email=email, created_at=now(), erased_at=None)
    )


def taken(connection: Connection, email: str) -> bool:
    """Tell whether somebody has this address."""
    return connection.execute(select(PersonRow.id).where(PersonRow.email == email)).first() is not (
        None
    )


def with_subject(connection: Connection, subject: str) -> Person | None:
    """Return the person who signs in as a subject; none if nobody did yet."""
    found = _people(connection.execute(_BY_SUBJECT, {"subject": subject}))
    return found[0] if found else None


def unsigned(connection: Connection, email: str) -> str | None:
    """Return the id of who has an address and never signed in."""
    query = select(PersonRow.id).where(PersonRow.email == email, PersonRow.subject.is_(None))
    return connection.execute(query).scalar()


def tie(connection: Connection, id: str, subject: str) -> None:
    """Write down as which subject a person signs in."""
    connection.execute(update(PersonRow).where(PersonRow.id == id).values(subject=subject))


def alone_with_people(connection: Connection) -> None:
    """Let nobody else change people until the transaction ends."""
    alone(connection, PersonRow)


def forget(connection: Connection, id: str) -> None:
    """Erase name, address and roles; the id stays, and with it what the trail says."""
    connection.execute(delete(RoleRow).where(RoleRow.person_id == id))
    erased = {"name": ERASED, "email": None, "subject": None, "erased_at": now()}
    connection.execute(update(PersonRow).where(PersonRow.id == id).values(erased))


def give(connection: Connection, id: str, role: Role, by: str) -> None:
    """Give a role; one that is held already stays as it is."""
    insert_once(connection, RoleRow, person_id=id, role=role, given_by=by, at=now())


def take(connection: Connection, id: str, role: Role) -> None:
    """Take a role.

    Raises:
        NotFoundError: the person does not hold it.
    """
    held = delete(RoleRow).where(RoleRow.person_id == id, RoleRow.role == role)
    if not connection.execute(held).rowcount:
        raise not_found("role of this person")


def administrators(connection: Connection) -> int:
    """Return how many administrators there are; nobody changes roles until the transaction ends."""
    alone(connection, RoleRow)
    query = select(func.count()).select_from(RoleRow).where(RoleRow.role == Role.ADMINISTRATOR)
    return int(connection.execute(query).scalar_one())
