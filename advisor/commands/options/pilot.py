"""The commands of a pilot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from advisor.commands.options.shared import AsJson

pilot_cli = typer.Typer(
    help="Find out by trying: compare ways of solving the task on the same cases.",
    no_args_is_help=True,
)

PilotId = Annotated[str, typer.Argument(metavar="ID", help="A pilot; `advisor pilot list`.")]


Scores = Annotated[
    list[str],
    typer.Argument(
        metavar="SCORES…",
        help="Files of scores: .csv, results of promptfoo, samples of lm-evaluation-harness, "
        "logs of Inspect (.json, .eval). `ARM=FILE` names the one arm in a file.",
    ),
]
Costs = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ARM=NUMBER",
        help="What an arm takes; the order counts. May be "
        "repeated. Left out: known arms in their usual order, others by column.",
    ),
]


@pilot_cli.command()
def compare(
    scores: Scores,
    json: AsJson = False,
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
    cost: Costs = None,
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
    from advisor.commands.compare import CompareRequest, run_compare  # heavy: command

    request = CompareRequest(scores, json, primary, margin, recommended, cost or (), metric)
    raise typer.Exit(run_compare(request))


@pilot_cli.command()
def run(
    spec: Annotated[Path, typer.Argument(help="A specification (.yaml or .json).")],
    json: AsJson = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave it running and print its id.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Start at once; for scripts.")] = False,
) -> None:
    """Try the ways of solving your task on your own cases. Shows first how long it will take.

    Example: `advisor pilot run spec.yaml`

    ```yaml
    title: Mail to departments
    task: classification   # or extraction, generation, question_answering
    instruction: Which department answers this mail?
    data: {cases: mails.csv}   # columns input, expected; perhaps group, slice
    recommended: fine_tuning
    budget: {minutes: 30}
    ```

    It runs in the background: Ctrl-C pauses it or leaves it running, and a machine that is switched
    off goes on where it was. Exit 0: the recommendation is confirmed. Exit 1: it is not.
    """
    from advisor.commands.pilot import run_pilot  # heavy: command

    raise typer.Exit(run_pilot(spec, json, detach, yes))


@pilot_cli.command()
def show(id: PilotId, json: AsJson = False) -> None:
    """Say how a pilot stands, and what it found once it is over.

    Example: `advisor pilot show 4k2v9x1m7q0c3b8z5n6t`
    """
    from advisor.commands.pilot import run_show  # heavy: command

    raise typer.Exit(run_show(id, json))


@pilot_cli.command("list")
def list_(json: AsJson = False) -> None:
    """Print all pilots, the newest first.

    Example: `advisor pilot list`
    """
    from advisor.commands.pilot import run_list  # heavy: command

    raise typer.Exit(run_list(json))


@pilot_cli.command()
def cancel(id: PilotId) -> None:
    """Stop a pilot for good; what is finished is kept.

    Example: `advisor pilot cancel 4k2v9x1m7q0c3b8z5n6t`
    """
    from advisor.commands.pilot import run_ask  # heavy: command

    raise typer.Exit(run_ask(id, "cancel"))


@pilot_cli.command()
def pause(id: PilotId) -> None:
    """Stop a pilot until it is resumed.

    Example: `advisor pilot pause 4k2v9x1m7q0c3b8z5n6t`
    """
    from advisor.commands.pilot import run_ask  # heavy: command

    raise typer.Exit(run_ask(id, "pause"))


@pilot_cli.command()
def resume(id: PilotId) -> None:
    """Go on with a paused pilot from where it was.

    Example: `advisor pilot resume 4k2v9x1m7q0c3b8z5n6t`
    """
    from advisor.commands.pilot import run_ask  # heavy: command

    raise typer.Exit(run_ask(id, "resume"))


def worker(
    until_idle: Annotated[
        bool,
        typer.Option("--until-idle", help="End when there was nothing to do for a while."),
    ] = False,
) -> None:
    """Run pilots that wait, one at a time, on this machine. The app starts one by itself.

    Example: `advisor worker`

    With a PostgreSQL database (ADVISOR_DATABASE_URL), workers on many machines share the pilots:
    each takes what its memory and GPU can do, and goes on with what another one left. Ctrl-C gives
    the pilot back.
    """
    from advisor.commands.pilot import run_worker  # heavy: command

    raise typer.Exit(run_worker(until_idle))
