"""Plain words for verdicts, states and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.domain.comparison import ComparisonOutcome, Contrast, Verdict, VerdictOutcome
from advisor.pilot.comparing.statistics.score_table import ScoreScale
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.presentation.arm_titles import arm_title, arm_words

if TYPE_CHECKING:
    from advisor.domain.pilot_state import PilotState


SHARES = ScoreWords(ScoreScale(0.0, 1.0))
"""How scores of pilots are written: as percent and points."""
VERDICT_WORDS: dict[VerdictOutcome, str] = {
    VerdictOutcome.CONFIRMED: "Confirmed",
    VerdictOutcome.CONTRADICTED: "Contradicted",
    VerdictOutcome.INCONCLUSIVE: "Not settled",
}
STATE_WORDS: dict[PilotState, str] = {
    "queued": "Waiting",
    "running": "Running",
    "paused": "Paused",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
OUTCOME_WORDS: dict[ComparisonOutcome, str] = {
    ComparisonOutcome.BETTER: "better",
    ComparisonOutcome.WORSE: "worse",
    ComparisonOutcome.EQUIVALENT: "as good",
    ComparisonOutcome.INCONCLUSIVE: "not settled",
}


def verdict_title(verdict: Verdict) -> str:
    """Return a verdict in a few words, and on what: `Confirmed: fine-tuning`."""
    outcome = VERDICT_WORDS[verdict.outcome]
    if not verdict.named and verdict.outcome is VerdictOutcome.CONFIRMED:
        outcome = "Settled"  # nobody had recommended it, so nothing was confirmed
    about = f": {arm_words(verdict.recommended)}" if verdict.recommended else ""
    return f"{outcome}{about}"


def contrast_words(one: Contrast, words: ScoreWords = SHARES) -> str:
    """Return a comparison in one sentence."""
    unit = " points" if words.scale.is_share else ""
    return (
        f"{arm_title(one.b)} against {arm_words(one.a)}: {words.signed(one.difference)}{unit} "
        f"({words.signed(one.low)} to {words.signed(one.high)}), {OUTCOME_WORDS[one.outcome]}"
    )
