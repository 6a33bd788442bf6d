"""`advisor rules` and `advisor classifier`: what the advisor decides by."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.commands.options.shared import AsJson, RulesFolder

rules_cli = typer.Typer(help="Check the rules that policy owners edit.", no_args_is_help=True)


@rules_cli.command("check")
def check(
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


classifier_cli = typer.Typer(
    help="See what the classifier of failures learned from corrections.", no_args_is_help=True
)


@classifier_cli.command("show")
def classifier_show(json: AsJson = False) -> None:
    """Say which version is in use, what could be learned, and how good each version is.

    Example: `advisor classifier show`
    """
    from advisor.commands.classifier import run_show  # heavy: command

    raise typer.Exit(run_show(json))


@classifier_cli.command("learn")
def classifier_learn(json: AsJson = False) -> None:
    """Learn from people's corrections; a version that helps is put to use. Exit 1 if refused.

    Example: `advisor classifier learn`

    Corrections are what people said failures are in the app. It is tried on corrections kept
    aside and on examples that ship with the advisor, and refused when it does not help.
    """
    from advisor.commands.classifier import run_learn  # heavy: command

    raise typer.Exit(run_learn(json))


@classifier_cli.command("use")
def classifier_use(
    version: Annotated[int, typer.Argument(min=0, help="Number of a version; 0 is as shipped.")],
) -> None:
    """Put a version to use; 0 goes back to the classifier as it ships.

    Example: `advisor classifier use 0`
    """
    from advisor.commands.classifier import run_use  # heavy: command

    raise typer.Exit(run_use(version))
