"""What the row of a decision says of it: texts people wrote stand there as a hash only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from advisor.core.strict import digest
from advisor.domain.review import Decision
from advisor.domain.trail import TrailEntry

_SAME = ("action", "actor", "role", "proposal", "version", "content", "rules")
"""Fields that a row and a decision both have."""


def hashed(made: Decision) -> dict[str, str]:
    """Return what the detail of a row holds of a decision."""
    return {
        "decision": made.id,
        "from": made.source,
        "to": made.target,
        "tier": made.tier,
        "reason": digest(made.reason),
        "conditions": digest([[one.what, one.owner, str(one.due)] for one in made.conditions]),
        "detail": digest(made.detail),
    }


def decision_in(row: TrailEntry) -> str | None:
    """Return the id of the decision that a row records, if it records one."""
    detail = detail_in(row)
    return str(detail["decision"]) if {"decision", "from", "to"} <= detail.keys() else None


def detail_in(row: TrailEntry) -> dict[str, object]:
    """Return the detail of a row; an empty one if it cannot be read."""
    try:
        found = json.loads(row.detail)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def misfits(row: TrailEntry, made: Decision) -> Iterator[str]:
    """Yield the names of what a decision says differently than its row."""
    for name in _SAME:
        if getattr(row, name) != getattr(made, name):
            yield name
    detail = detail_in(row)
    for name, value in hashed(made).items():
        if detail.get(name) != value:
            yield name
