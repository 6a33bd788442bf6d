"""The command line: the same abilities without a browser.

Results go to standard output, progress and messages to standard error. Exit 0: done. Exit 1: done,
and the answer is no. Exit 2: wrong input, one line a problem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from advisor.commands.options import pilot, review, triage
from advisor.commands.options.audit import audit_cli
from advisor.commands.options.library import classifier_cli, rules_cli
from advisor.commands.options.people import people_cli, token_cli


def app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the app in a browser.

    Example: `advisor app --port 8600`
    """
    from advisor.web import serve  # heavy: command

    serve(port, address, browser)


COMMANDS: tuple[Callable[..., None], ...] = (
    triage.triage,
    triage.classify,
    triage.second_opinion,
    triage.probe,
    triage.export,
    review.gate,
    review.record,
    app,
    pilot.worker,
)
"""Single commands, in the order of the help; a name's `_` is `-` there."""
GROUPS = {
    "rules": rules_cli,
    "classifier": classifier_cli,
    "pilot": pilot.pilot_cli,
    "audit": audit_cli,
    "people": people_cli,
    "token": token_cli,
}
"""Commands that belong together under one word."""

cli = typer.Typer(
    name="advisor",
    help="Is it a behaviour problem or a knowledge problem? "
    "Recommends prompting, retrieval, fine-tuning, a mix, or none of these, with its reasons.\n\n"
    "New here? `advisor app` asks you question by question; `advisor triage --help` shows what a "
    "file looks like.\n\n"
    "Exit 0: done. Exit 1: done, and the answer is no. Exit 2: wrong input, one line a problem.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for command in COMMANDS:
    cli.command()(command)
for name, group in GROUPS.items():
    cli.add_typer(group, name=name)
