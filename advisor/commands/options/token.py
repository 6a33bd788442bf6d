"""`advisor token`."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.domain.lifecycle import Role

token_cli = typer.Typer(
    help="Let a program use the HTTP API for a person, and stop it.", no_args_is_help=True
)
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="You: an id or an address.")]


@token_cli.command()
def give(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="An id or an address.")],
    role: Annotated[Role, typer.Argument(help="The one role in which the program acts.")],
    by: By,
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
def list_(
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Only those of this person.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Print tokens: whose, for what, until when, and when they were last used.

    Example: `advisor token list ci@example.org`
    """
    from advisor.commands.tokens import run_list  # heavy: command

    raise typer.Exit(run_list(person, json))


@token_cli.command()
def take(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `advisor token list` prints it.")],
    by: By,
) -> None:
    """Take a token back; it opens nothing from then on. Administrators do that, and its person.

    Example: `advisor token take 4k2v9x1m7q0c3b8z5n6t --by ann@example.org`
    """
    from advisor.commands.tokens import run_take  # heavy: command

    raise typer.Exit(run_take(id, by))
