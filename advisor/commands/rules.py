"""What `advisor rules check` does; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE, NO
from advisor.core.terminal import one_line, write_message, write_results
from advisor.proposal import Proposal
from advisor.rules import RecommendationChange, RuleBook, against, check, load, rules_folder
from advisor.samples import samples
from advisor.triage.recommend import Tools, load_tools, triage


def run_rules_check(folder: Path | None, revision: str | None) -> int:
    """Print every finding; against a revision, print which examples change."""
    findings = check(folder or rules_folder())
    for finding in findings:
        write_results(one_line(str(finding)))
    if findings:
        write_message(f"{len(findings)} to mend")
        return NO
    book = load(folder)
    approval = book.approval
    rules = len(approval.raises) + len(approval.vetoes) if approval else 0
    write_message(
        f"{len(book.evidence)} evidence rules, {len(book.vetoes)} vetoes, "
        f"{rules} rules of approval, {len(book.questions)} questions: all hold"
    )
    if revision:
        _print_changes(folder, revision)
    return DONE


def _print_changes(folder: Path | None, revision: str) -> None:
    changes = changed_samples(folder, revision)
    for change in changes:
        write_results(one_line(str(change)))
    if not changes:
        write_message(f"No example problem changes its recommendation against {revision}")


def changed_samples(folder: Path | None, revision: str) -> list[RecommendationChange]:
    """Return the example problems whose recommendation differs from that under `revision`.

    Raises:
        InputError: when there is no git, no such revision, or its rules do not load.
    """
    tools = load_tools(folder)

    def recommend(book: RuleBook, proposal: Proposal) -> str:
        return triage(proposal, Tools(book, tools.classifier, tools.reader)).recommendation

    return [change for change in against(folder, revision, samples(), recommend) if change.changed]
