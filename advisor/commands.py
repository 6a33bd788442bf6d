"""What the commands do; each returns its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from advisor.errors import InputError, Problem
from advisor.files import Line, check_file, read_lines, read_proposal
from advisor.proposal import Failure, Proposal
from advisor.recommend import Tools, load_tools, triage
from advisor.rules import RuleBook, load

DONE, NO, WRONG_INPUT = 0, 1, 2


def run_triage(file: Path, as_json: bool, rules: Path | None) -> int:
    """Assess one proposal, or every line of a JSONL file in order."""
    check_file(file)
    tools = load_tools(rules)
    if file.suffix.lower() == ".jsonl":
        return _triage_lines(file, tools)
    result = triage(known_questions(read_proposal(file), tools.book, file.name), tools)
    if as_json:
        _write(result.model_dump(mode="json"))
    else:
        from advisor.summary import summary

        Console().print(summary(result, tools.book))
    return DONE


def known_questions(proposal: Proposal, book: RuleBook, where: str) -> Proposal:
    """Return `proposal` if every answer fits its question.

    Raises:
        InputError: with the questions that do not exist and the answers that do not fit.
    """
    problems = book.answer_problems(proposal.answers, f"{where}.answers")
    if problems:
        raise InputError(problems)
    return proposal


def _triage_lines(file: Path, tools: Tools) -> int:
    code = DONE
    for line in _with_progress(read_lines(file), file):
        try:
            if line.proposal is None:
                raise InputError(line.problems)
            proposal = known_questions(line.proposal, tools.book, f"{file.name}:{line.number}")
            _write(triage(proposal, tools).model_dump(mode="json"))
        except InputError as error:
            code = WRONG_INPUT
            _complain(error)
            _write({"line": line.number, "error": "; ".join(map(str, error.problems))})
    return code


def _with_progress(lines: Iterator[Line], file: Path) -> Iterator[Line]:
    """Yield `lines` and draw progress on standard error when a person watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from lines
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("Triage", total=_count_lines(file))
        for line in lines:
            yield line
            progress.update(task, completed=line.number)


def _count_lines(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


def run_classify(file: Path, as_json: bool) -> int:
    """Read failures from a file and print what each one is."""
    from advisor.failures.classifier import load_classifier
    from advisor.importing import read_failures, read_path

    found = read_failures(file.name, read_path(file))
    for row in found.rejected:
        sys.stderr.write(f"{file.name}:{row.line}: {row.reason}\n")
    if found.needs_mapping:
        sys.stderr.write(f"{file.name}: columns were taken as {found.mapping}\n")
    readings = load_classifier().read(named(found.failures))
    for reading in readings:
        if as_json:
            keep = {"id", "mode", "cause", "probabilities", "abstained", "why"}
            _write(reading.model_dump(mode="json", include=keep))
        else:
            sure = "not sure" if reading.abstained else f"{reading.probabilities[reading.mode]:.0%}"
            sys.stdout.write(
                f"{reading.id}\t{reading.cause}\t{reading.mode}\t{sure}\t{reading.why}\n"
            )
    return WRONG_INPUT if found.rejected else DONE


def named(failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """Give failures without an id one by place, as a proposal does."""
    return Proposal(title="failures", description="failures", failures=failures).failures


def run_export(file: Path, out: Path, to: str, rules: Path | None) -> int:
    """Write the recommendation as a document."""
    from advisor.records import WRITERS

    if to not in WRITERS:
        raise InputError(
            Problem(out.name, f"{to or 'no ending'} is not a format", "Use md, html, pdf or json")
        )
    tools = load_tools(rules)
    proposal = known_questions(read_proposal(file), tools.book, file.name)
    content = WRITERS[to](proposal, triage(proposal, tools), tools.book, datetime.now(UTC))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InputError(
            Problem(str(out), f"cannot be written: {error.strerror}", "Give another place")
        ) from None
    sys.stderr.write(f"Wrote {out}\n")
    return DONE


def run_rules_check(folder: Path | None, against: str | None) -> int:
    """Print every finding; against a revision, print which examples change."""
    from advisor.rules import check, rules_folder

    findings = check(folder or rules_folder())
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if findings:
        sys.stderr.write(f"{len(findings)} to mend\n")
        return NO
    book = load(folder)
    sys.stderr.write(
        f"{len(book.evidence)} evidence rules, {len(book.vetoes)} vetoes, "
        f"{len(book.questions)} questions: all hold\n"
    )
    if against:
        _print_changes(folder, against)
    return DONE


def _print_changes(folder: Path | None, revision: str) -> None:
    from advisor.changes import changed_samples

    changes = changed_samples(folder, revision)
    for change in changes:
        sys.stdout.write(f"{change}\n")
    if not changes:
        sys.stderr.write(f"No example problem changes its recommendation against {revision}\n")


def _write(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _complain(error: InputError) -> None:
    sys.stderr.write(f"{error}\n")
