"""Plain words for verdicts, states and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.domain.comparison import ComparisonOutcome, Contrast, Verdict, VerdictOutcome
from advisor.domain.pilot_spec import ArmName, Metric
from advisor.pilot.comparing.statistics.score_table import ScoreScale
from advisor.pilot.comparing.statistics.score_words import Words
from advisor.pilot.metrics import CUT, measure
from advisor.presentation.palette import COLOURS, MUTED, REMEDY_COLOURS
from advisor.vocabulary import Cause, Remedy

if TYPE_CHECKING:
    from advisor.domain.pilot_state import PilotState


ARMS: dict[str, str] = {
    ArmName.RECORDED: "the system of today",
    ArmName.PROMPT: "plain prompt",
    ArmName.PROMPT_BEST: "best prompt found",
    ArmName.FEW_SHOT: "prompt with examples",
    ArmName.CONSTRAINED: "enforced form",
    ArmName.ENDPOINT: "your own model",
    ArmName.RETRIEVAL: "retrieval",
    ArmName.CLASSIFIER: "plain classifier",
    ArmName.FINE_TUNING: "fine-tuning",
    ArmName.FINE_TUNING_RETRIEVAL: "fine-tuning with retrieval",
}


def arm_words(name: str) -> str:
    """Return an arm in words; one that is not ours keeps its name."""
    return ARMS.get(name, name)


def arm_title(name: str) -> str:
    """Return an arm in words that can begin a sentence; one that is not ours keeps its name."""
    words = arm_words(name)
    return words if words == name and name not in ARMS else words[0].upper() + words[1:]


SHARES = Words(ScoreScale(0.0, 1.0))
"""How scores of pilots are written: as percent and points."""
VERDICTS: dict[VerdictOutcome, str] = {
    VerdictOutcome.CONFIRMED: "Confirmed",
    VerdictOutcome.CONTRADICTED: "Contradicted",
    VerdictOutcome.INCONCLUSIVE: "Not settled",
}
STATES: dict[PilotState, str] = {
    "queued": "Waiting",
    "running": "Running",
    "paused": "Paused",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
OUTCOMES: dict[ComparisonOutcome, str] = {
    ComparisonOutcome.BETTER: "better",
    ComparisonOutcome.WORSE: "worse",
    ComparisonOutcome.EQUIVALENT: "as good",
    ComparisonOutcome.INCONCLUSIVE: "not settled",
}
_COLOURS: dict[str, str] = {
    ArmName.RETRIEVAL: REMEDY_COLOURS[Remedy.RETRIEVAL],
    ArmName.FINE_TUNING: REMEDY_COLOURS[Remedy.FINE_TUNING],
    ArmName.FINE_TUNING_RETRIEVAL: COLOURS[Cause.BEHAVIOUR],
    ArmName.CLASSIFIER: REMEDY_COLOURS[Remedy.OTHER],
    ArmName.CONSTRAINED: REMEDY_COLOURS[Remedy.OTHER],
    ArmName.PROMPT: REMEDY_COLOURS[Remedy.PROMPTING],
    ArmName.PROMPT_BEST: REMEDY_COLOURS[Remedy.PROMPTING],
    ArmName.FEW_SHOT: REMEDY_COLOURS[Remedy.PROMPTING],
}


def verdict_title(verdict: Verdict) -> str:
    """Return a verdict in a few words, and on what: `Confirmed: fine-tuning`."""
    outcome = VERDICTS[verdict.outcome]
    if not verdict.named and verdict.outcome is VerdictOutcome.CONFIRMED:
        outcome = "Settled"  # nobody had recommended it, so nothing was confirmed
    about = f": {arm_words(verdict.recommended)}" if verdict.recommended else ""
    return f"{outcome}{about}"


def column_title(name: str) -> str:
    """Return what a column of scores is called: an arm, a metric, or the share of cut answers."""
    if name == CUT:
        return "Cut at the limit of tokens"
    return measure(Metric(name)).title if name in set(Metric) else arm_title(name)


def arm_colour(name: str) -> str:
    """Return the colour of the remedy that an arm stands for."""
    return _COLOURS.get(name, MUTED)


def contrast_words(one: Contrast, words: Words = SHARES) -> str:
    """Return a comparison in one sentence."""
    unit = " points" if words.scale.is_share else ""
    return (
        f"{arm_title(one.b)} against {arm_words(one.a)}: {words.signed(one.difference)}{unit} "
        f"({words.signed(one.low)} to {words.signed(one.high)}), {OUTCOMES[one.outcome]}"
    )
