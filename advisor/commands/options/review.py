"""Commands about a review: gate and record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from advisor.commands.options.shared import AsJson, ExportFormat, RulesFolder
from advisor.domain.lifecycle import ApprovalKind


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
