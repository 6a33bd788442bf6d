"""Commands that judge a proposal or its failures, or ask somebody about them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from advisor.commands.options.shared import AsJson, ExportFormat, RulesFolder


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
