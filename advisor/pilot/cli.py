"""The commands of a pilot."""

from __future__ import annotations

from typing import Annotated

import typer

pilot_cli = typer.Typer(
    help="Find out by trying: compare ways of solving the task on the same cases.",
    no_args_is_help=True,
)


@pilot_cli.callback()
def pilot() -> None:
    """Find out by trying: compare ways of solving the task on the same cases."""


@pilot_cli.command()
def compare(
    scores: Annotated[
        list[str],
        typer.Argument(
            metavar="SCORES…",
            help="Files of scores: .csv, results of promptfoo, samples of lm-evaluation-harness, "
            "logs of Inspect (.json, .eval). `ARM=FILE` names the one arm in a file.",
        ),
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of text.")
    ] = False,
    recommended: Annotated[
        str | None, typer.Option(metavar="ARM", help="The arm that was recommended.")
    ] = None,
    primary: Annotated[
        str | None,
        typer.Option(
            metavar="ARM:ARM",
            help="The comparison that was planned: the second arm against the first.",
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(help="Smallest difference that matters, such as 0.05 for 5 points."),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ARM=NUMBER",
            help="What an arm takes; the order counts. May be "
            "repeated. Left out: known arms in their usual order, others by column.",
        ),
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="Which score counts where a file has several.")
    ] = None,
) -> None:
    """Say which arm wins on the cases you already scored, and whether it could be luck.

    Example: `advisor pilot compare scores.csv --recommended fine_tuning`

    The CSV has a column `case`, perhaps `group` (cases that belong together: one customer, one
    document), and one column for each arm: 0 or 1 or a graded score, higher is better, empty where
    the arm did not run the case. Several files are joined by case.
    """
    from advisor.pilot.comparing.command import Request, run_compare

    request = Request(scores, json, primary, margin, recommended, cost or (), metric)
    raise typer.Exit(run_compare(request))
