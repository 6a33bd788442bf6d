"""`advisor people` and `advisor token`: who there is, and what programs may do for them."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.domain.lifecycle import Role

people_cli = typer.Typer(
    help="See who there is, and give and take their roles.", no_args_is_help=True
)
ListAsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="An id or an address.")]
What = Annotated[Role, typer.Argument(help="What they may be.")]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="You, an administrator.")]


@people_cli.command("list")
def list_(
    json: ListAsJson = False,
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


token_cli = typer.Typer(
    help="Let a program use the HTTP API for a person, and stop it.", no_args_is_help=True
)
TokenBy = Annotated[str, typer.Option("--by", metavar="PERSON", help="You: an id or an address.")]


@token_cli.command("give")
def give_token(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="An id or an address.")],
    role: Annotated[Role, typer.Argument(help="The one role in which the program acts.")],
    by: TokenBy,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is good for.")] = 90,
) -> None:
    """Give a token and print it: this once, as only its hash is kept. Administrators do that.

    Example: `advisor token give ci@example.org runner --days 30 --by ann@example.org`

    A program sends it as `Authorization: Bearer adv_…`. Give each program a person of its own, so
    that the record tells them apart. Owners' tokens hand proposals in; others' only read.
    """
    from advisor.commands.tokens import run_give  # heavy: command

    raise typer.Exit(run_give(person, role, days, by))


@token_cli.command("list")
def list_tokens(
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Only those of this person.")
    ] = None,
    json: ListAsJson = False,
) -> None:
    """Print tokens: whose, for what, until when, and when they were last used.

    Example: `advisor token list ci@example.org`
    """
    from advisor.commands.tokens import run_list  # heavy: command

    raise typer.Exit(run_list(person, json))


@token_cli.command("take")
def take_token(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `advisor token list` prints it.")],
    by: TokenBy,
) -> None:
    """Take a token back; it opens nothing from then on. Administrators do that, and its person.

    Example: `advisor token take 4k2v9x1m7q0c3b8z5n6t --by ann@example.org`
    """
    from advisor.commands.tokens import run_take  # heavy: command

    raise typer.Exit(run_take(id, by))
