"""What the store gives back about reviews."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from advisor.core.strict import digest
from advisor.domain.lifecycle import VOTES, Action, State
from advisor.domain.trail import TrailEntry
from advisor.proposal import Draft


@dataclass(frozen=True)
class Subject:
    """The latest version of a proposal, and what is known about it."""

    proposal: str
    version: int
    content: str
    """SHA-256 of the version, as `Draft.fingerprint` gives it."""
    title: str
    draft: Draft
    """Without its failures."""
    failures: int
    recommendation: str | None
    assessed_version: int | None


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands; version and content are those that were last moved."""

    proposal: str
    state: State
    version: int
    content: str
    tier: str
    since: datetime
    pilot: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    against: bool = False
    """Whether the advisor recommended something else when it was moved here."""
    stale: bool = False
    """Whether its evidence was stale when that was looked at last."""


@dataclass(frozen=True)
class ApprovalCondition:
    """One thing that an approval depends on."""

    decision: str
    place: int
    what: str
    owner: str
    due: date
    met_by: str | None = None
    met_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """One move, or one vote for a move (`target` is `source` then)."""

    id: str
    proposal: str
    version: int
    content: str
    action: Action
    actor: str
    role: str
    source: State
    target: State
    tier: str
    reason: str
    rules: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[ApprovalCondition, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the proposal stands anew since; else it was only voted for, or abstained on."""
        return self.target is not self.source or self.action is Action.RECORD_PILOT


@dataclass(frozen=True)
class Lease:
    """An approval with its end."""

    decision: str
    proposal: str
    kind: str
    """`pilot` or `adoption`."""
    granted_at: datetime
    expires_at: datetime
    override: bool
    minutes: float | None
    """Cap of a pilot: minutes of a worker."""
    compute: float | None
    """Cap of a pilot: floating-point operations of training."""
    baseline: Mapping[str, Any]
    ended_at: datetime | None = None
    ended_why: str = ""


class Vote(Protocol):
    """What counts of a decision when votes are counted."""

    @property
    def action(self) -> Action:
        """What was decided."""

    @property
    def source(self) -> State:
        """Where the proposal stood."""


Voted = TypeVar("Voted", bound=Vote)


def votes(decided: Sequence[Voted], source: State) -> tuple[Voted, ...]:
    """Return who agreed to a version where it stands, on the evidence that is there now.

    Args:
        decided: What was decided about this version, the oldest first.
        source: Where it stands.
    """
    told = [place for place, made in enumerate(decided) if made.action is Action.RECORD_PILOT]
    since = decided[told[-1] + 1 :] if told else decided
    return tuple(made for made in since if made.source is source and made.action in VOTES)


def set_aside(agreed: Iterable[Decision]) -> frozenset[str]:
    """Return the vetoes that those who agreed set aside."""
    return frozenset(name for vote in agreed for name in vote.detail.get("set_aside", ()))


@dataclass(frozen=True)
class ToldChange:
    """What somebody told about a base model or a data set."""

    kind: str
    """`base_model`, `data_set` or `stronger_model`."""
    subject: str
    note: str
    at: datetime


def final_day(lease: Lease) -> date:
    """Return the last day of an approval."""
    return last_moment(lease.expires_at).date()


def last_moment(end: datetime) -> datetime:
    """Return the last moment before an end."""
    return end - timedelta(seconds=1)


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
        "conditions": digest([[term.what, term.owner, str(term.due)] for term in made.conditions]),
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
