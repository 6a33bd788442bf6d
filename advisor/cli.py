"""The command line: the same abilities without a browser.

Results go to standard output, progress and messages to standard error. Exit 0: done. Exit 1: done,
and the answer is no. Exit 2: wrong input, one line a problem.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from advisor.commands.late_group import LateGroup
from advisor.commands.pilot import pilot_cli
from advisor.domain.lifecycle import ApprovalKind

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
rules_cli = typer.Typer(help="Check the rules that policy owners edit.", no_args_is_help=True)
cli.add_typer(rules_cli, name="rules")
classifier_cli = typer.Typer(
    help="See what the classifier of failures learned from corrections.", no_args_is_help=True
)
cli.add_typer(classifier_cli, name="classifier")
cli.add_typer(pilot_cli, name="pilot")
for name, what in (
    ("audit", "Show, check and export the record of who did what."),
    ("people", "See who there is, and give and take their roles."),
    ("token", "Let a program use the HTTP API for a person, and stop it."),
):
    cli.add_typer(typer.Typer(cls=LateGroup, help=what, no_args_is_help=True), name=name)

RulesFolder = Annotated[
    Path | None, typer.Option("--rules", help="Folder with rules; the shipped ones if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")]


class ExportFormat(StrEnum):
    """What `advisor export` writes."""

    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


@cli.command()
def triage(
    file: Annotated[Path, typer.Argument(help="A proposal (.json, .yaml), or many (.jsonl).")],
    json: AsJson = False,
    rules: RulesFolder = None,
) -> None:
    """Recommend a remedy for a proposal, with reasons, doubts and what would change it.

    Example: `advisor triage my-problem.yaml`

    A proposal is a file like this. Only title and description must be there; each failure and each
    answer makes the recommendation surer:

    ```yaml
    title: Shop assistant quotes old return rules
    description: It answers customers. Rules change each season.
    requested: fine_tuning
    answers: {facts_change_often: weekly, retrieval_tried: false}
    failures:
      - {input: May I return it?, output: 14 days, expected: 30 days}
    ```

    A .jsonl file holds one proposal a line and always gives JSON: one result a line, in order. A
    bad line gives its number and the error in its place, and the exit is 2.
    """
    from advisor.commands.triage import run_triage  # heavy: command

    raise typer.Exit(run_triage(file, json, rules))


Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Read on a Ray cluster: local, auto, host:port, ray://host:port."
    ),
]


@cli.command()
def classify(
    file: Annotated[
        Path,
        typer.Argument(
            help="Failures: .jsonl, .csv, .tsv (also .gz) or .parquet of any size; .json, .xlsx."
        ),
    ],
    json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write results to this file: .jsonl or .parquet."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=NAME", help="Take a field, or `date`, from this column. May be repeated."
        ),
    ] = None,
    ray: Cluster = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Do not go on with an interrupted run.")
    ] = False,
) -> None:
    """Say of each failure what went wrong and why.

    Example: `advisor classify failures.csv`

    Give the columns or fields any of these names: input, output, expected, note, context. Others
    are guessed, and said; `--column output=reply` names one. Each line names the failure, its
    cause, what went wrong, how sure, why. Ids are kept; a row without one gets its number, `f7`.

    A whole log: `advisor classify log.parquet --out results.parquet`

    It may be of any size. With `--out`, an interrupted run goes on where it stopped when the same
    command is given again, rows that cannot be read go to results.rejected.csv, and a summary opens
    in the app. With `--ray`, every machine must find the file under the same path.
    """
    from advisor.commands.classify import ClassifyRequest, run_classify  # heavy: command

    request = ClassifyRequest(file, json, out, column or (), ray, restart)
    raise typer.Exit(run_classify(request))


@cli.command("second-opinion")
def second_opinion(
    file: Annotated[Path, typer.Argument(help="Failures: .jsonl, .csv, .tsv, .json or .xlsx.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ask at once; for scripts.")] = False,
    json: AsJson = False,
) -> None:
    """Let a language model read the failures that the advisor is unsure of. Shows the cost first.

    Example: `advisor second-opinion failures.csv`

    Set ADVISOR_ENDPOINT_URL, ADVISOR_ENDPOINT_MODEL and, if it needs one, ADVISOR_ENDPOINT_KEY to
    an OpenAI-compatible service. Answers are kept, so nothing is paid twice; `advisor triage` then
    counts them as one more hint. Texts that talk to the model are left out.
    """
    from advisor.commands.second_opinion import run_second_opinion  # heavy: command

    raise typer.Exit(run_second_opinion(file, yes, json))


@cli.command()
def probe(
    file: Annotated[Path, typer.Argument(help="A proposal (.json or .yaml) with failures.")],
    json: AsJson = False,
    documents: Annotated[
        Path | None,
        typer.Option(help="A folder or file with your documents, to take missing facts from."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask at once; for scripts.")] = False,
) -> None:
    """Ask each failure again with one thing changed; what mends it tells its cause.

    Example: `advisor probe my-problem.yaml`

    Asked is the model that ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL name, else a small one
    on this machine, which counts for half. What is found is kept, and `advisor triage` counts it.
    """
    from advisor.commands.probe import run_probe  # heavy: command

    raise typer.Exit(run_probe(file, documents, yes, json))


@cli.command()
def export(
    file: Annotated[Path, typer.Argument(help="A proposal (.json or .yaml).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    to: Annotated[
        ExportFormat | None,
        typer.Option("--to", help="Format; by the ending of --out if left out."),
    ] = None,
    rules: RulesFolder = None,
) -> None:
    """Write the recommendation as a document: Markdown, HTML, PDF or JSON.

    Example: `advisor export my-problem.yaml --out decision.pdf`
    """
    from advisor.commands.triage import run_export  # heavy: command

    raise typer.Exit(run_export(file, out, to or out.suffix.lstrip(".").lower(), rules))


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
    from advisor.commands.triage import run_rules_check  # heavy: command

    raise typer.Exit(run_rules_check(rules, against))


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


@cli.command()
def gate(
    id: Annotated[str, typer.Argument(metavar="ID", help="A proposal, or a pilot's adapter.")],
    kind: Annotated[
        ApprovalKind,
        typer.Option("--for", help="A trial run, or training and use of what was adopted."),
    ] = ApprovalKind.ADOPTION,
    base_model: Annotated[
        str | None, typer.Option(help="The base model that is about to be trained.")
    ] = None,
    data_set: Annotated[
        str | None, typer.Option(help="The data set that it is about to be trained on.")
    ] = None,
    json: AsJson = False,
    rules: RulesFolder = None,
) -> None:
    """Say whether a training run or an adapter is approved now, for pipelines that must ask first.

    Example: `advisor gate 4k2v9x1m7q0c3b8z5n6t && python train.py`

    Exit 0: approved now. Exit 1: not, or not any more; the reason is printed. Exit 2: unknown.
    """
    from advisor.commands.gate import run_gate  # heavy: command
    from advisor.review.decisions.gate import Use  # heavy: command

    raise typer.Exit(run_gate(id, Use(kind, base_model, data_set), json, rules))


@cli.command()
def record(
    id: Annotated[str, typer.Argument(metavar="ID", help="A proposal that was handed in.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write it here.")
    ] = None,
    to: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="One format only; printed without --out."),
    ] = None,
    rules: RulesFolder = None,
) -> None:
    """Write the record of what was decided, by whom, on what: PDF, HTML, Markdown, and JSON.

    Example: `advisor record 4k2v9x1m7q0c3b8z5n6t --out decision`

    It opens without the app. `advisor audit verify decision/decision.json` proves it, and with
    `--database` that it stands in the trail here.
    """
    from advisor.commands.record import run_record  # heavy: command

    raise typer.Exit(run_record(id, out, to, rules))


@cli.command()
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


@cli.command()
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
    from advisor.commands.pilot_runs import run_worker  # heavy: command

    raise typer.Exit(run_worker(until_idle))
