"""What `advisor gate` does; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

from advisor.commands.exits import DONE, NO
from advisor.core.terminal import json_line, one_line, write_results
from advisor.errors import NotFoundError
from advisor.review.decisions.gate import GateAnswer, Use, gate
from advisor.rules import load
from advisor.store import Store
from advisor.store.opening import existing_store


def run_gate(id: str, what: Use, as_json: bool, rules: Path | None) -> int:
    """Say in one sentence whether a use is approved now."""
    answer = gate(proposals_here(), id, what, load(rules))
    write_results(json_line(_as_json(answer)) if as_json else one_line(answer.why))
    return DONE if answer.approved else NO


def proposals_here() -> Store:
    """Open the database; one that would have to be made first holds no proposal.

    Raises:
        NotFoundError: there is none.
    """
    if store := existing_store():
        return store
    raise NotFoundError("There is no such proposal. Nothing is stored here yet.")


def _as_json(answer: GateAnswer) -> dict[str, object]:
    return {
        "approved": answer.approved,
        "why": answer.why,
        "proposal": answer.proposal,
        "version": answer.version,
        "content": answer.content,
        "state": answer.state,
        "until": answer.until.isoformat() if answer.until else None,
        "override": answer.override,
    }
