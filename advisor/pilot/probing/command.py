"""What `advisor probe` does; it returns its exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from advisor.errors import InputError, Problem
from advisor.files import read_proposal
from advisor.pilot.probing.answerers import Service, answerer
from advisor.pilot.probing.kept import kept_probes
from advisor.pilot.probing.material import Passages
from advisor.pilot.probing.model import CHANGES, JUDGES, ProbedFailure, ProbeResult
from advisor.pilot.probing.probe import Probe, probe_of
from advisor.pilot.probing.words import doubts, headline
from advisor.progress import progress
from advisor.terminal import json_line, one_line, write_message, write_results
from advisor.wording import CAUSES, counted

DONE, NO = 0, 1


def run_probe(file: Path, documents: Path | None, yes: bool, as_json: bool) -> int:
    """Ask every failure of a proposal again, keep what is found, and print it."""
    draft = read_proposal(file)
    probe = probe_of(draft, answerer(), _search(documents))
    if not probe.chosen:
        what = "holds no failure with both an input and a wanted answer"
        raise InputError(Problem(file.name, what, "Add `input` and `expected` to its failures"))
    if not _agreed(probe, yes):
        write_message("Nothing was asked. In a script, add --yes.")
        return NO
    result = probe.result(_asked(probe))
    write_results(json_line(result.model_dump(mode="json")) if as_json else _drawn(result))
    write_message("Kept: advisor triage now counts it.")
    return DONE


def _search(documents: Path | None) -> Passages | None:
    if documents is None:
        return None
    from advisor.pilot.probing.passages import passages_in

    return passages_in(documents)


def _agreed(probe: Probe, yes: bool) -> bool:
    """Before texts leave this machine, a person or `--yes` agrees."""
    questions = len(probe.questions(probe.chosen))
    write_message(f"{counted(questions, 'question')} to {one_line(probe.answerer.name)}.")
    if yes or not isinstance(probe.answerer, Service):
        return True
    endpoint = probe.answerer.endpoint
    write_message(f"The texts of the failures are sent to {endpoint.host}.")
    sys.stderr.write("Ask now? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def _asked(probe: Probe) -> list[ProbedFailure]:
    found, kept = [], kept_probes()
    with progress("Asking again", len(probe.chosen), prints=False) as tell:
        for one in probe.run(lambda done, _: tell(done)):
            kept.keep(one, probe.answerer.name, probe.answerer.own_model)
            found.append(one)
    return found


def _drawn(result: ProbeResult) -> str:
    page = StringIO()
    console = Console(file=page, force_terminal=sys.stdout.isatty() or None)
    console.print(Group(*_parts(result)))
    return page.getvalue().rstrip("\n")


def _parts(result: ProbeResult) -> Iterable[RenderableType]:
    yield Panel(Text(headline(result)), title="Probe", title_align="left")
    yield _table(
        ("What was changed", "Came out right"),
        [(CHANGES[one.change].title, f"{one.right} of {one.tried}") for one in result.counts],
    )
    yield Text("\nFailure by failure", style="bold")
    yield _table(("Failure", "Cause", "Why"), [_row(one) for one in result.probed])
    judges = sorted({t.judged_by for one in result.probed for t in one.tries if t.judged_by})
    yield Text("\nWhat counted as right: " + "; ".join(JUDGES[by] for by in judges) + ".")
    for doubt in doubts(result):
        yield Text(f"• {doubt}")


def _row(found: ProbedFailure) -> tuple[str, str, str]:
    return one_line(found.id), CAUSES[found.cause] if found.cause else "open", found.why


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
