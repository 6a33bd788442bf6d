"""Who there is and what they may be: given and taken by an administrator, who decides nothing.

Only the first administrator is made by nobody: whoever has the command line of a database without
one. The last one cannot be taken away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from advisor.core.terminal import one_line
from advisor.domain.lifecycle import Role
from advisor.domain.trail import Event
from advisor.errors import ConflictError, InputError, NotAllowedError, Problem
from advisor.store import Store, Transaction
from advisor.store.database import audit_trail
from advisor.store.database.statements import check_name, claim, new_id
from advisor.store.people import people
from advisor.store.people.people import Person
from advisor.store.people.rights import REFUSED, attempting, role_for

FIRST = "console"
"""Who makes the first administrator."""
_LETTERS = 6
"""Of an id, enough to tell two people apart."""
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class People:
    """All people of one database. Every write takes an idempotency `key`."""

    def __init__(self, store: Store) -> None:
        """Use an open store."""
        self._store = store

    def all(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        with self._store.database.read() as transaction:
            return people.everybody(transaction)

    def find(self, text: str) -> Person:
        """Return the person with this id or this address.

        Raises:
            NotFoundError: there is none.
        """
        with self._store.database.read() as transaction:
            return people.find(transaction, text)

    def add(
        self, name: str, email: str | None, roles: Sequence[Role], by: str | None, key: str
    ) -> Person:
        """Add a person.

        Args:
            name: How others know them.
            email: Their address, with which they are found again.
            roles: What they may be.
            by: An administrator; nobody while there is none yet.
            key: Idempotency key.

        Raises:
            InputError: the name or the address cannot be stored, or somebody has the address.
            NotAllowedError: `by` is no administrator, or the first person would not be one.
            ConflictError: the key was used for another write.
        """
        name, address = _named(name, email)
        wanted = sorted(set(roles))

        def work(transaction: Transaction, new: str) -> Event:
            if address and people.taken(transaction, address):
                problem = Problem("email", "belongs to somebody already", "`advisor people list`")
                raise InputError(problem)
            people.add(transaction, new, name, address)
            for role in wanted:
                people.give(transaction, new, role, by or FIRST)
            return _event("add_person", by, new, wanted)

        return self._write(by, key, ("add", *wanted), work)

    def give(self, person: str, role: Role, by: str, key: str) -> Person:
        """Give a role.

        Raises:
            NotFoundError: there is no such person.
            NotAllowedError: `by` is no administrator.
            ConflictError: the person was erased, or the key was used for another write.
        """

        def work(transaction: Transaction, _: str) -> Event:
            if people.find(transaction, person).erased:
                raise ConflictError("This person was erased. Add them anew.")
            people.give(transaction, person, role, by)
            return _event("give_role", by, person, [role])

        return self._write(by, key, ("give", person, role), work)

    def take(self, person: str, role: Role, by: str, key: str) -> Person:
        """Take a role; what it decided stays decided.

        Raises:
            NotFoundError: there is no such person, or they do not hold the role.
            NotAllowedError: `by` is no administrator, or this is the last one.
            ConflictError: the key was used for another write.
        """

        def work(transaction: Transaction, _: str) -> Event:
            people.find(transaction, person)
            people.take(transaction, person, role)
            return _event("take_role", by, person, [role])

        return self._write(by, key, ("take", person, role), work)

    def erase(self, person: str, by: str, key: str) -> Person:
        """Erase a person's name, address and roles; what the trail says of their id stays.

        Raises:
            NotFoundError: there is no such person.
            NotAllowedError: `by` is no administrator, or this is the last one.
            ConflictError: the key was used for another write.
        """

        def work(transaction: Transaction, _: str) -> Event:
            had = people.find(transaction, person).roles
            people.forget(transaction, person)
            return _event("erase_person", by, person, had)

        return self._write(by, key, ("erase", person), work)

    def _write(
        self,
        by: str | None,
        key: str,
        what: tuple[str, ...],
        work: Callable[[Transaction, str], Event],
    ) -> Person:
        """Do it once, if `by` may; `work` is given the id of a new person."""
        actor, mine = check_name("by", by or FIRST), new_id()
        attempt = Event(REFUSED, actor, detail={"asked": f"{what[0]}_person"})
        with attempting(self._store.database, attempt) as transaction:
            stands = claim(transaction, actor, key, what, mine)
            if stands == mine:
                before = people.administrators(transaction)
                _check(transaction, by, before, what)
                event = work(transaction, mine)
                if before and not people.administrators(transaction):
                    raise NotAllowedError("last", "This is the last administrator. Name another.")
                audit_trail.append(transaction, event)
            return people.find(transaction, stands if what[0] == "add" else what[1])


def distinct_names(people: Iterable[Person]) -> dict[str, str]:
    """Return how people are known, by id; of two with one name, what else tells them apart."""
    found = {person.id: person for person in people if not person.erased}
    many = Counter(one.name for one in found.values())
    return {
        id: one.name if many[one.name] == 1 else f"{one.name} ({one.email or id[:_LETTERS]})"
        for id, one in found.items()
    }


def _check(
    transaction: Transaction, by: str | None, administrators: int, what: tuple[str, ...]
) -> None:
    """Refuse whoever may not change people.

    Raises:
        NotAllowedError: `by` is no administrator; or the first person would not be one.
    """
    if by is None and administrators:
        raise NotAllowedError("role", "There is an administrator. Say who you are: --by ID.")
    if by is None and Role.ADMINISTRATOR not in what[1:]:
        raise NotAllowedError("role", "The first person must be an administrator.")
    if by is not None:
        refusal = "Only an administrator changes people and their roles."
        role_for(transaction, by, frozenset({Role.ADMINISTRATOR}), refusal)


def _event(action: str, by: str | None, person: str, roles: Sequence[Role]) -> Event:
    role = Role.ADMINISTRATOR if by else ""
    return Event(action, by or FIRST, role, detail={"person": person, "roles": [*roles]})


def _named(name: str, email: str | None) -> tuple[str, str | None]:
    """Return a name and an address as they are kept.

    Raises:
        InputError: one of them cannot be.
    """
    shown, address = one_line(name), (email or "").strip().casefold() or None
    if not shown:
        raise InputError(Problem("name", "is empty", "Say how others know this person"))
    check_name("name", shown)
    if address and not (_ADDRESS.fullmatch(address) and address.isprintable()):
        raise InputError(Problem("email", "is no address", "Write it like ann@example.org"))
    return shown, address
