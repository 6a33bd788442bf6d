"""What a dossier holds. The page draws it in this order and adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from advisor.domain.assessment import EvidenceItem, VetoHit
from advisor.domain.lifecycle import Role
from advisor.domain.pilot_result import Finding, PilotResult
from advisor.logs.summary.summary_record import Share
from advisor.pilot.probing.probe_records import ProbeResult
from advisor.presentation.differences import Difference
from advisor.presentation.flips import FlippingAnswers
from advisor.review.decisions.judgement import Bar
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.similar_proposals import SimilarProposals
from advisor.rules.schema.approval import ReviewField
from advisor.store import Stored
from advisor.store.review.comments import Comment
from advisor.vocabulary import Mode

DECIDERS = frozenset({Role.REVIEWER, Role.RISK})
"""Who decides; others only read."""
Choice = Literal["a", "b", "same"]
"""What a person says of two outputs: the first, the second, or no difference."""


@dataclass(frozen=True)
class CaseAgainst:
    """The case against what is asked for."""

    bars: tuple[Bar, ...]
    """Vetoes of approval that hold now."""
    set_aside: frozenset[str]
    """Of these, the ones that an override set aside already."""
    missing: tuple[ReviewField, ...]
    vetoes: tuple[VetoHit, ...]
    """Rules of triage that forbid what is asked for."""
    elsewhere: tuple[EvidenceItem, ...]
    """Reasons that point to something else, the heaviest first."""
    rather: str
    """What is recommended in its place, in a sentence with what both would fix; may be empty."""
    doubts: tuple[str, ...]
    flips: tuple[FlippingAnswers, ...]
    """Single answers that would change the recommendation if they were different."""
    open: tuple[FlippingAnswers, ...]
    """Questions without an answer that would change it alone."""
    unknown: tuple[str, ...]
    """All questions without an answer."""


@dataclass(frozen=True)
class DossierAdvice:
    """What the advisor recommends, against what was asked for."""

    recommendation: str
    headline: str
    firm: str
    """How firmly the evidence stands behind it, one sentence."""
    request: str
    """Whether it agrees with what was asked for, one sentence."""
    agrees: bool
    reason: str
    """What the owner says where it does not."""


@dataclass(frozen=True)
class SinceLastLook:
    """What is different from when this person looked last."""

    version: int
    at: datetime
    fields: tuple[Difference, ...]
    rules: bool
    """Whether the rules changed."""
    happened: tuple[str, ...]
    """What was decided and handed in meanwhile, one sentence each."""


@dataclass(frozen=True)
class FailureModeShare:
    """How many of the failures are of one mode, with its 95 % interval."""

    mode: Mode
    count: int
    """Failures that are surely of it; those that the classifier is unsure of stand in no count."""
    share: Share


@dataclass(frozen=True)
class Slice:
    """One part of the cases, and how an arm did on it."""

    name: str
    score: float
    against: float | None
    """What the best way without training reached there."""


@dataclass(frozen=True)
class Trial:
    """What a pilot found."""

    id: str
    handed_in: bool
    """Whether it was handed in for this version; else it is only known."""
    fixed: datetime
    """When threshold, cases and arms were fixed."""
    result: PilotResult
    cases: int
    tuned: str | None
    """The arm that stands for fine-tuning."""
    simpler: str | None
    """The way without training that it has to beat."""
    regressions: tuple[Finding, ...]
    """Whether training cost the model what it could and what it refused."""
    worst: Slice | None
    says: str
    """What it says about fine-tuning: `confirmed`, `another way` …; nothing until handed in."""
    over_limit: bool


@dataclass(frozen=True)
class Gap:
    """A part without a result, and what it blocks."""

    part: str
    blocks: str


@dataclass(frozen=True)
class Revealed:
    """Which arm gave which output; only known once a person has said what they prefer."""

    a: str
    b: str
    preferred: str
    """The arm; empty where they saw no difference."""
    scores: tuple[float | None, float | None]


@dataclass(frozen=True)
class BlindPair:
    """Two outputs for one case, not told apart."""

    case: str
    input: str
    expected: str
    a: str
    b: str
    revealed: Revealed | None


@dataclass(frozen=True)
class BlindComparison:
    """Paired outputs to be judged without knowing whose they are."""

    pilot: str
    pairs: tuple[BlindPair, ...]
    same: int
    """Cases on which both arms gave the same output; of these none is shown."""
    mine: Mapping[str, int]
    """How often this person preferred each arm; the empty name is no difference."""
    everybody: Mapping[str, int]
    people: int
    """How many people rated at least one."""


@dataclass(frozen=True)
class Dossier:
    """Everything a reviewer reads before deciding."""

    view: ReviewView
    stored: Stored
    number: str
    """Names it where people type it again."""
    asks: str
    """What exactly is decided."""
    writers: tuple[str, ...]
    """Names of everybody who wrote a version."""
    override: bool
    """Whether a veto was set aside for it."""
    against: CaseAgainst
    advice: DossierAdvice
    seen_at: datetime | None
    """When this person first opened what is shown now."""
    since: SinceLastLook | None
    modes: tuple[FailureModeShare, ...]
    probe: ProbeResult | None
    trial: Trial | None
    gaps: tuple[Gap, ...]
    blind: BlindComparison | None
    similar: SimilarProposals
    comments: tuple[Comment, ...]
    names: Mapping[str, str]
    """Names of everybody who appears, by id."""
    role: Role
    """In which this person reads."""
    rules: str
    """Fingerprint of the rules in force."""

    @property
    def reads_only(self) -> bool:
        """Whether this person decides nothing here."""
        return self.role not in DECIDERS
