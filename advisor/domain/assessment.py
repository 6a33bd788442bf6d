"""What triage returns: one typed record that every screen, document and command shows."""

from __future__ import annotations

from typing import Literal

from advisor.core.strict import Strict
from advisor.domain.sources import Source, Spread
from advisor.proposal import Answer
from advisor.vocabulary import Cause, Mode, Remedy

Stage = Literal["not_shown", "cut", "misused"]
"""Existing retrieval: the passage was not shown, shown but cut off, or shown and not used."""
AS_SHIPPED = "as shipped"
"""The version of a classifier that has learned nothing since."""


class GivenAnswer(Strict):
    """One condition of a rule with the user's own value in it."""

    question: str
    ask: str
    condition: str
    answer: Answer
    suggested: bool = False
    """Read from the text and not confirmed by a person."""


class EvidenceItem(Strict):
    """One reason: a rule that fired, and what it weighs."""

    id: str
    topic: str
    title: str
    cause: Cause | None
    """The cause it speaks about; none when it speaks about a remedy."""
    mode: Mode | None = None
    remedy: Remedy | None = None
    weight: float
    """Natural log of a likelihood ratio; negative is against."""
    counted: bool
    """False when a stronger rule of the same topic already counts."""
    because: str
    source: Source
    given: tuple[GivenAnswer, ...]


class FailureReading(Strict):
    """What one failure looks like to the classifier, or what a person said it is."""

    id: str
    mode: Mode
    cause: Cause
    probabilities: dict[Mode, float]
    abstained: bool
    why: str = ""
    """Plain words: what in the texts decided."""
    corrected: bool = False
    stage: Stage | None = None
    """Where existing retrieval broke, if `context` was given."""


class FailureGroup(Strict):
    """Failures that point the same way."""

    mode: Mode
    name: str
    ids: tuple[str, ...]
    share: float
    certainty: float
    """Mean probability of the mode over the group."""
    example: str
    """Id of the most typical failure."""
    remedy: Remedy


class Option(Strict):
    """One combination of remedies: what it would fix, cost and why it may be ruled out."""

    remedies: str
    expected_fixed: Spread
    """Share of the failures, 0 to 1 (10th percentile, mean, 90th percentile of the draws)."""
    overhead: float
    value: float
    """`expected_fixed.mid` less `overhead`."""
    wins: float
    """Share of draws in which it is the simplest set that does the job."""
    build_days: Spread
    keep_days_per_month: Spread
    vetoed_by: tuple[str, ...] = ()


class VetoHit(Strict):
    """A rule that forbids a remedy here."""

    id: str
    title: str
    forbids: Remedy
    unless_with: tuple[Remedy, ...] = ()
    """Together with one of these it is allowed."""
    because: str
    instead: str
    source: Source
    given: tuple[GivenAnswer, ...]


class NextQuestion(Strict):
    """A question whose answer may still change the result."""

    id: str
    ask: str
    why: str
    gain: float
    """Expected information gain over the recommendation, in bits."""
    could_change_to: tuple[str, ...] = ()


class Flip(Strict):
    """One single answer that would change the recommendation."""

    question: str
    ask: str
    given: Answer
    answer: Answer
    """The answer; for a number, one that stands for all in `words`."""
    words: str
    """The answer in words: `yes`, `fewer than 50 examples`."""
    recommendation: str


class PlanStep(Strict):
    """One step of the plan."""

    when: Literal["first", "this week", "then", "stop"]
    text: str


class Fingerprints(Strict):
    """What the assessment depends on; the same three give the same assessment."""

    proposal: str
    rules: str
    classifier: str


class Assessment(Strict):
    """A recommendation with its reasons, its doubts and what would change it."""

    title: str
    requested: str | None
    recommendation: str
    """A remedy or a combination; always the best guess, also when the advisor abstains."""
    other: str | None
    """What `other` means here, when it is recommended: a tool, a larger model, nothing …"""
    abstained: bool
    confidence: float
    headline: str
    """One sentence a manager understands."""
    settle: tuple[str, ...]
    """What evidence would settle it, when it abstained."""
    causes: dict[Cause, float]
    modes: dict[Mode, float]
    ranking: tuple[Option, ...]
    evidence: tuple[EvidenceItem, ...]
    vetoes: tuple[VetoHit, ...]
    case_against: tuple[str, ...]
    failures: tuple[FailureReading, ...]
    groups: tuple[FailureGroup, ...]
    retrieval: dict[Stage, int]
    """Failures by where existing retrieval broke; empty when no failure has `context`."""
    next_questions: tuple[NextQuestion, ...]
    flips: tuple[Flip, ...]
    unknown: tuple[str, ...]
    """Ids of questions without an answer."""
    plan: tuple[PlanStep, ...]
    fingerprints: Fingerprints
    classifier: str = AS_SHIPPED
    """The version that read the failures, in words."""
