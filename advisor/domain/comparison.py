"""The result of a comparison, as every screen, report and program reads it."""

from __future__ import annotations

from enum import StrEnum

from advisor.core.strict import Strict


class ComparisonOutcome(StrEnum):
    """What a comparison shows about arm b against arm a."""

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    """The whole interval lies inside the margin: the difference, if any, does not matter."""
    INCONCLUSIVE = "inconclusive"


class VerdictOutcome(StrEnum):
    """What a pilot says about the recommendation."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"


class ArmScore(Strict):
    """Mean score of one arm with its 95 % interval; None where it ran no case."""

    name: str
    score: float | None
    low: float | None
    high: float | None
    n: int
    """Cases that the arm ran."""


class Contrast(Strict):
    """Arm b against arm a on the cases that both ran."""

    a: str
    b: str
    n: int
    difference: float
    """Mean score of b minus mean score of a; `low` and `high` are its 95 % interval."""
    low: float
    high: float
    p: float
    """Two-sided."""
    p_adjusted: float
    """By Holm over all comparisons but the primary one, which keeps its p."""
    outcome: ComparisonOutcome
    cases_needed: int | None
    """Cases in all that show the observed difference with 80 % power; None where it is settled,
    or no number of cases would do."""
    chance_that_doubling_settles: float | None
    """Chance that as many cases again show a difference; None where it is settled."""


class Best(Strict):
    """The arm with the highest score, and what to expect of it on new cases."""

    arm: str
    score: float
    expected: float
    """The score less what the winner of several owes to luck."""


class Verdict(Strict):
    """Whether the recommendation holds, in sentences for people."""

    outcome: VerdictOutcome
    because: str
    next: str
    """What to do now."""
    recommended: str | None
    """The arm that the verdict is about; where none was named, the one that would be chosen."""
    named: bool
    """Whether somebody named it before."""
    primary: tuple[str, str] | None
    """The comparison that was planned, a and b."""
    margin: float
    """Smallest difference that matters, in units of the score."""
    best: Best | None
    notes: tuple[str, ...] = ()
    """What a reader should know to judge the figures, one sentence each."""


class Comparison(Strict):
    """Arms compared on the same cases: scores, paired comparisons, and the verdict."""

    arms: tuple[ArmScore, ...]
    comparisons: tuple[Contrast, ...]
    """The primary one first."""
    verdict: Verdict
