"""Which example problems change their recommendation when rules change."""

from __future__ import annotations

from pathlib import Path

from advisor.proposal import Proposal
from advisor.rules import RecommendationChange, RuleBook, against
from advisor.samples import samples
from advisor.triage.recommend import Tools, load_tools, triage


def changed_samples(folder: Path | None, revision: str) -> list[RecommendationChange]:
    """Return the example problems whose recommendation differs from that under `revision`.

    Raises:
        InputError: when there is no git, no such revision, or its rules do not load.
    """
    tools = load_tools(folder)

    def recommend(book: RuleBook, proposal: Proposal) -> str:
        return triage(proposal, Tools(book, tools.classifier, tools.reader)).recommendation

    return [change for change in against(folder, revision, samples(), recommend) if change.changed]
