"""What `advisor people` does; each function returns its exit code."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from advisor.commands.triage import DONE, NO
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.store import open_store
from advisor.store.people.people import Person


def run_list(as_json: bool) -> int:
    """Print everybody with their roles."""
    found = _people().all()
    for person in found:
        write_results(json_line(_as_json(person)) if as_json else one_line(_line(person)))
    if not found:
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
    found, actor = people.find(person), people.find(by)
    if not yes and not _agreed(found):
        write_message("Nothing was erased. In a script, add --yes.")
        return NO
    people.erase(found.id, actor.id, secrets.token_hex(8))
    write_message(f"Erased. What {found.id} decided stays in the record")
    return DONE


def _agreed(person: Person) -> bool:
    write_message(one_line(f"Erase {person.name} for good? [y/N]"))
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def _people() -> People:
    return People(open_store())


people_cli = typer.Typer()
Who = Annotated[str, typer.Argument(metavar="PERSON", help="An id or an address.")]
What = Annotated[Role, typer.Argument(help="What they may be.")]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="You, an administrator.")]


@people_cli.command("list")
def list_(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Print everybody with their roles.

    Example: `advisor people list`
    """
    raise typer.Exit(run_list(json))


@people_cli.command()
def add(
    name: Annotated[str, typer.Argument(help="How others know them.")],
    email: Annotated[str | None, typer.Option(help="Their address.")] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="What they may be. May be repeated.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="PERSON", help="You, an administrator; nobody for the first one."),
    ] = None,
) -> None:
    """Add a person and print their id. The first one must be an administrator.

    Example: `advisor people add "Ann Lee" --email ann@example.org --role administrator`

    - owner: hands in proposals
    - reviewer: approves and refuses
    - risk: approves too, and alone may set a veto aside
    - runner: runs pilots and hands their results in
    - administrator: gives and takes roles, and decides nothing
    - auditor: reads everything, and changes nothing
    """
    raise typer.Exit(run_add(name, email, role or [], by))


@people_cli.command()
def give(person: Who, role: What, by: By) -> None:
    """Give a person a role.

    Example: `advisor people give ben@example.org reviewer --by ann@example.org`
    """
    raise typer.Exit(run_give(person, role, by))


@people_cli.command()
def take(person: Who, role: What, by: By) -> None:
    """Take a role from a person; it counts from the next decision on.

    Example: `advisor people take ben@example.org reviewer --by ann@example.org`
    """
    raise typer.Exit(run_take(person, role, by))


@people_cli.command()
def erase(
    person: Who,
    by: By,
    yes: Annotated[bool, typer.Option("--yes", help="Erase at once; for scripts.")] = False,
) -> None:
    """Erase a person's name, address and roles. What their id decided stays in the record.

    Example: `advisor people erase ben@example.org --by ann@example.org`
    """
    raise typer.Exit(run_erase(person, by, yes))
