"""What a decision record holds: every document is rendered from it, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from advisor.core.strict import Strict, canonical, digest
from advisor.domain.assessment import Fingerprints
from advisor.domain.comparison import ArmScore, Contrast, VerdictOutcome
from advisor.domain.lifecycle import Action, State
from advisor.domain.pilot_result import Finding
from advisor.domain.sources import Spread
from advisor.domain.trail import TrailEntry

FORMAT: Literal["advisor decision record 1"] = "advisor decision record 1"
"""The first words of every record: what it is, and how it is written."""


class RecordedAnswer(Strict):
    """One answer of the form, or one about the problem, with what was asked."""

    id: str
    section: str
    ask: str
    answer: str


class RecordedCondition(Strict):
    """One thing that an approval depends on."""

    what: str
    owner: str
    due: date
    met_by: str | None
    met_at: AwareDatetime | None


class RecordedDecision(Strict):
    """One decision, or one vote for one (`target` is `source` then)."""

    id: str
    version: int
    content: str
    """SHA-256 of the version."""
    action: Action
    actor: str
    role: str
    source: State
    target: State
    tier: str
    reason: str
    rules: str
    at: AwareDatetime
    detail: dict[str, JsonValue]
    """Checklist, caps, what was set aside and why."""
    conditions: tuple[RecordedCondition, ...]


class RecordedApproval(Strict):
    """An approval, with its end."""

    decision: str
    kind: Literal["pilot", "adoption"]
    granted_at: AwareDatetime
    last_day: date
    override: bool
    minutes: float | None
    compute: float | None
    """Floating-point operations of training."""
    ended_at: AwareDatetime | None
    ended_why: str


class RecordedWay(Strict):
    """One set of remedies that triage weighed."""

    remedies: str
    fixed: Spread
    """Share of the failures that it would fix."""
    ruled_out: tuple[str, ...]
    """Titles of the rules that forbid it."""


class RecordedAdvice(Strict):
    """What triage says about the version."""

    recommendation: str
    abstained: bool
    confidence: float
    headline: str
    against: tuple[str, ...]
    ways: tuple[RecordedWay, ...]
    fingerprints: Fingerprints


class RecordedPilot(Strict):
    """What the pilot found that was handed in."""

    id: str
    hash: str
    """Of its specification, which was fixed before the first answer was scored."""
    fixed_at: AwareDatetime
    finished_at: AwareDatetime
    title: str
    outcome: VerdictOutcome
    about: str | None
    """The arm that the verdict is about."""
    because: str
    margin: float
    arms: tuple[ArmScore, ...]
    comparisons: tuple[Contrast, ...]
    findings: tuple[Finding, ...]
    slices: dict[str, dict[str, float]]


class Body(Strict):
    """Everything that a record says."""

    format: Literal["advisor decision record 1"] = FORMAT
    advisor: str
    """Version of the program that wrote it."""
    written_at: AwareDatetime
    written_by: str
    proposal: str
    title: str
    description: str
    requested: str | None
    version: int
    """The version that was decided on, and its SHA-256."""
    content: str
    saved_by: str
    failures: int
    state: State
    """Where the proposal stands when this is written; `version` may be older than it is."""
    latest: int
    over: str
    """Why the approval is over; nothing while it holds."""
    tier: str
    tier_meaning: str
    form: tuple[RecordedAnswer, ...]
    advice: RecordedAdvice | None
    pilot: RecordedPilot | None
    history: tuple[RecordedDecision, ...]
    """All decisions about all versions, the oldest first."""
    approvals: tuple[RecordedApproval, ...]
    words: dict[str, str]
    """What stands on the checklist, and what the vetoes are called, by id."""
    names: dict[str, str]
    """Names of everybody who decided or has to do something, by id; the trail has none."""
    rows: tuple[TrailEntry, ...]
    """Every row of the trail about this proposal, the oldest first."""

    @property
    def about(self) -> tuple[RecordedDecision, ...]:
        """The decisions about the version."""
        return tuple(made for made in self.history if made.version == self.version)

    @property
    def last(self) -> RecordedDecision:
        """The decision that this record is about: the last one that led somewhere."""
        moved = [made for made in self.about if made.target is not made.source]
        return (moved or self.about)[-1]


class Sealed(Strict):
    """A record with what proves it."""

    body: Body
    export: TrailEntry
    """The row that was written when this was: it holds the SHA-256 of the body."""
    head: str
    """Number and hash of that row: `1000:ab12…`, to be kept elsewhere."""
    sha256: str
    """Of the body as canonical JSON."""


EXPORTED = "export_record"
"""The action of the row that an export leaves."""


def sha256_of(made: Body) -> str:
    """Return the SHA-256 of what a record says, as canonical JSON."""
    return digest(made.model_dump(mode="json"))


def written(sealed: Sealed) -> bytes:
    """Return a record as one line of canonical JSON."""
    return f"{canonical(sealed.model_dump(mode='json'))}\n".encode()
