"""`advisor rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.commands.options.shared import RulesFolder

rules_cli = typer.Typer(help="Check the rules that policy owners edit.", no_args_is_help=True)


@rules_cli.command("check")
def rules_check(
    rules: RulesFolder = None,
    against: Annotated[
        str | None,
        typer.Option(help="A git revision: show which examples change their recommendation."),
    ] = None,
) -> None:
    """Check every rule: names, answers, examples, contradictions. Exit 1 if something is wrong.

    Example: `advisor rules check --against HEAD~1`
    """
    from advisor.commands.rules import run_rules_check  # heavy: command

    raise typer.Exit(run_rules_check(rules, against))
