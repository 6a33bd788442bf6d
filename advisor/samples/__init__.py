"""Example problems that ship with the advisor, one file each; together they cover all remedies."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from advisor.importing.proposals import read_proposal
from advisor.proposal import Proposal


@cache
def samples() -> dict[str, Proposal]:
    """Return the example problems by name, in alphabetical order."""
    folder = Path(__file__).parent
    return {path.stem: read_proposal(path) for path in sorted(folder.glob("*.yaml"))}


__all__ = ["samples"]
