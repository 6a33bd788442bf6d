"""What `advisor triage` and `advisor export` do; each function returns its exit code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from advisor.commands.exits import DONE, WRONG_INPUT
from advisor.core.files import write_whole
from advisor.core.terminal import json_line, progress, write_message, write_results
from advisor.domain.assessment import Assessment
from advisor.errors import InputError, Problem
from advisor.failures.failure_reader import FollowedReader
from advisor.importing.proposals import ProposalLine, check_file, read_lines, read_proposal
from advisor.proposal import Proposal
from advisor.rules import RuleBook
from advisor.triage.assessing.active_classifier import active_classifier
from advisor.triage.recommend import Tools, load_tools, triage


def run_triage(file: Path, as_json: bool, rules: Path | None) -> int:
    """Assess one proposal, or every line of a JSONL file in order."""
    check_file(file)
    if file.suffix.lower() == ".jsonl":
        return _triage_lines(file, load_tools(rules, active_classifier()))
    proposal = read_proposal(file)  # what is wrong is said before the models are loaded
    tools = load_tools(rules, active_classifier())
    result = _assessed(known_questions(proposal, tools.book, file.name), tools)
    if as_json:
        write_results(json_line(result.model_dump(mode="json")))
    else:
        from advisor.presentation.terminal import drawn  # heavy: rich

        write_results(drawn(result, tools.book))
    return DONE


def known_questions(proposal: Proposal, book: RuleBook, where: str) -> Proposal:
    """Return `proposal` if every answer fits its question or its field of the review.

    Raises:
        InputError: with the questions that do not exist and the answers that do not fit.
    """
    problems = book.answer_problems(proposal.answers, f"{where}.answers")
    problems += book.review_problems(proposal.review, f"{where}.review")
    if problems:
        raise InputError(problems)
    return proposal


def _assessed(proposal: Proposal, tools: Tools) -> Assessment:
    with progress("Reading failures", len(proposal.failures), prints=False) as tell:
        return triage(proposal, replace(tools, classifier=FollowedReader(tools.classifier, tell)))


def _triage_lines(file: Path, tools: Tools) -> int:
    codes = []
    with progress("Triage", _count_lines(file), prints=True) as tell:
        for line in read_lines(file):
            codes.append(_triage_line(line, file.name, tools))
            tell(line.number)
    if not codes:
        raise InputError(Problem(file.name, "is empty", "Put one proposal on each line"))
    return max(codes)


def _triage_line(line: ProposalLine, name: str, tools: Tools) -> int:
    try:
        if line.proposal is None:
            raise InputError(line.problems)
        proposal = known_questions(line.proposal, tools.book, f"{name}:{line.number}")
        write_results(json_line(triage(proposal, tools).model_dump(mode="json")))
        return DONE
    except InputError as error:
        write_message(str(error))
        wrong = "; ".join(map(str, error.problems))
        write_results(json_line({"line": line.number, "error": wrong}))
        return WRONG_INPUT


def _count_lines(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


def run_export(file: Path, out: Path, to: str, rules: Path | None) -> int:
    """Write the recommendation as a document."""
    from advisor.documents import WRITERS  # heavy: altair

    if to not in WRITERS:
        what = f"{to[:20]!r} is not a format" if to else "has no ending that names a format"
        raise InputError(Problem(out.name, what, "Use md, html, pdf or json"))
    proposal = read_proposal(file)
    tools = load_tools(rules, active_classifier())
    result = _assessed(known_questions(proposal, tools.book, file.name), tools)
    write_whole(out, WRITERS[to](proposal, result, tools.book, datetime.now(UTC)))
    write_message(f"Wrote {out}")
    return DONE
