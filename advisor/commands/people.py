"""What `advisor people` does; each function returns its exit code."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from advisor.commands.exits import DONE, NO, agreed
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.store import open_store
from advisor.store.people.people import Person


def run_list(as_json: bool) -> int:
    """Print everybody with their roles."""
    people = _people().all()
    for person in people:
        write_results(json_line(_as_json(person)) if as_json else one_line(_line(person)))
    if not people:
        write_message("Nobody yet. Begin with: advisor people add NAME --role administrator")
    return DONE


def _line(person: Person) -> str:
    address = f" <{person.email}>" if person.email else ""
    return f"{person.id} {person.name}{address}: {listing(person.roles) or 'no role'}"


def _as_json(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "roles": [*person.roles],
        "erased": person.erased,
        "created_at": person.created_at.isoformat(),
    }


def run_add(name: str, email: str | None, roles: Sequence[Role], by: str | None) -> int:
    """Add a person and print their id."""
    people = _people()
    actor = people.find(by).id if by else None
    person = people.add(name, email, roles, actor, secrets.token_hex(8))
    write_message(one_line(f"Added {person.name}: {listing(person.roles) or 'no role yet'}"))
    write_results(person.id)
    return DONE


def run_give(person: str, role: Role, by: str) -> int:
    """Give a role."""
    people = _people()
    given = people.give(people.find(person).id, role, people.find(by).id, secrets.token_hex(8))
    write_results(one_line(_line(given)))
    return DONE


def run_take(person: str, role: Role, by: str) -> int:
    """Take a role."""
    people = _people()
    left = people.take(people.find(person).id, role, people.find(by).id, secrets.token_hex(8))
    write_results(one_line(_line(left)))
    return DONE


def run_erase(person: str, by: str, yes: bool) -> int:
    """Erase a person, once somebody agrees: it cannot be undone."""
    people = _people()
    erased, actor = people.find(person), people.find(by)
    if not (yes or agreed(f"Erase {erased.name} for good?")):
        write_message("Nothing was erased. In a script, add --yes.")
        return NO
    people.erase(erased.id, actor.id, secrets.token_hex(8))
    write_message(f"Erased. What {erased.id} decided stays in the record")
    return DONE


def _people() -> People:
    return People(open_store())
