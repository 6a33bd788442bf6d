"""`advisor audit`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from advisor.commands.options.shared import AsJson

audit_cli = typer.Typer(
    help="Show, check and export the record of who did what.", no_args_is_help=True
)
_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


@audit_cli.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(help="An exported trail or a decision record; the database if left out."),
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option(metavar="SEQ:HASH", help="A head that you kept elsewhere."),
    ] = None,
    database: Annotated[
        bool, typer.Option("--database", help="Look a record up in the trail stored here.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Prove that no row was changed, taken out or put in. Exit 1: one was, and it is named.

    Example: `advisor audit verify --anchor 1000:ab12…`

    In the database it also proves that triggers still refuse changes, and that versions, decisions
    and approvals are what their rows say. A record proves itself; with `--database`, that it stands
    in the trail. Rows cut off the end are seen only against a head that was kept elsewhere. Who can
    write both the database and that place can write all of it anew.
    """
    from advisor.review.recording import is_record  # heavy: command

    if file and is_record(file):
        from advisor.commands.prove import run_prove  # heavy: command

        raise typer.Exit(run_prove(file, anchor, database, json))
    from advisor.commands.audit import run_verify  # heavy: command

    raise typer.Exit(run_verify(file, anchor, database, json))


@audit_cli.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write, a row a line.")],
) -> None:
    """Write the whole trail to a file that `advisor audit verify FILE` checks anywhere.

    Example: `advisor audit export --out trail.jsonl`
    """
    from advisor.commands.audit import run_export  # heavy: command

    raise typer.Exit(run_export(out))


@audit_cli.command()
def show(
    proposal: Annotated[str | None, typer.Option(metavar="ID", help="About this one.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="ID", help="Done by this person.")] = None,
    action: Annotated[str | None, typer.Option(help="Such as save_version.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=_TIMES, help="In UTC.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Rows at most.")] = 50,
    json: AsJson = False,
) -> None:
    """Print who did what, the newest first.

    Example: `advisor audit show --action save_version --since 2026-11-01`
    """
    from advisor.commands.audit import run_show  # heavy: command
    from advisor.store.database.audit_trail import TrailQuery  # heavy: command

    at = since.replace(tzinfo=UTC) if since and not since.tzinfo else since
    raise typer.Exit(run_show(TrailQuery(proposal, actor, action, at, limit), json))
