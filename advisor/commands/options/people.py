"""`advisor people`."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.domain.lifecycle import Role

people_cli = typer.Typer(
    help="See who there is, and give and take their roles.", no_args_is_help=True
)
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
    from advisor.commands.people import run_list  # heavy: command

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
    from advisor.commands.people import run_add  # heavy: command

    raise typer.Exit(run_add(name, email, role or [], by))


@people_cli.command()
def give(person: Who, role: What, by: By) -> None:
    """Give a person a role.

    Example: `advisor people give ben@example.org reviewer --by ann@example.org`
    """
    from advisor.commands.people import run_give  # heavy: command

    raise typer.Exit(run_give(person, role, by))


@people_cli.command()
def take(person: Who, role: What, by: By) -> None:
    """Take a role from a person; it counts from the next decision on.

    Example: `advisor people take ben@example.org reviewer --by ann@example.org`
    """
    from advisor.commands.people import run_take  # heavy: command

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
    from advisor.commands.people import run_erase  # heavy: command

    raise typer.Exit(run_erase(person, by, yes))
