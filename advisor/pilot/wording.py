"""Plain words for arms, metrics and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.palette import COLOURS, MUTED, REMEDY_COLOURS
from advisor.pilot.comparing.record import Answer, Contrast, Outcome
from advisor.pilot.comparing.table import Scale
from advisor.pilot.comparing.words import Words
from advisor.pilot.spec import ArmName, Metric
from advisor.vocabulary import Cause, Remedy

if TYPE_CHECKING:  # the process that computes has no database
    from advisor.store.pilot_records import PilotState

SHARES = Words(Scale(0.0, 1.0))
"""How scores of pilots are written: as percent and points."""
ARMS: dict[str, str] = {
    ArmName.RECORDED: "the system of today",
    ArmName.PROMPT: "plain prompt",
    ArmName.PROMPT_BEST: "best prompt found",
    ArmName.FEW_SHOT: "examples in the prompt",
    ArmName.CONSTRAINED: "form enforced",
    ArmName.ENDPOINT: "your own model",
    ArmName.RETRIEVAL: "retrieval",
    ArmName.CLASSIFIER: "plain classifier",
    ArmName.FINE_TUNING: "fine-tuning",
    ArmName.FINE_TUNING_RETRIEVAL: "fine-tuning with retrieval",
}
METRICS: dict[Metric, str] = {
    Metric.EXACT: "share of answers exactly right",
    Metric.MACRO_F1: "F1, each label counting the same",
    Metric.JSON_VALID: "share of answers that are valid JSON",
    Metric.JSON_F1: "fields right (F1)",
    Metric.SCHEMA: "share of answers that fit the schema",
    Metric.TOKEN_F1: "words shared with the wanted answer (F1)",
    Metric.ROUGE_L: "longest common sequence of words (ROUGE-L)",
    Metric.ROUGE_L_RECALL: "wanted words found in order (ROUGE-L recall)",
    Metric.CHRF: "letter sequences shared (chrF)",
    Metric.REGEX: "share of answers of the stated pattern",
    Metric.NUMBER: "share of answers with the right number",
    Metric.STYLE: "share of answers in the stated style",
    Metric.JUDGE: "score by a judge model",
}
VERDICTS: dict[Answer, str] = {
    Answer.CONFIRMED: "Confirmed",
    Answer.CONTRADICTED: "Contradicted",
    Answer.INCONCLUSIVE: "Not settled",
}
STATES: dict[PilotState, str] = {
    "queued": "Waiting",
    "running": "Running",
    "paused": "Paused",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.BETTER: "better",
    Outcome.WORSE: "worse",
    Outcome.EQUIVALENT: "as good, within the margin",
    Outcome.INCONCLUSIVE: "not settled",
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


def arm_words(name: str) -> str:
    """Return an arm in words; one that is not ours keeps its name."""
    return ARMS.get(name, name)


def arm_colour(name: str) -> str:
    """Return the colour of the remedy that an arm stands for."""
    return _COLOURS.get(name, MUTED)


def contrast_words(one: Contrast, words: Words = SHARES) -> str:
    """Return a comparison in one sentence."""
    unit = " points" if words.scale.is_share else ""
    return (
        f"{arm_words(one.b)} against {arm_words(one.a)}: {words.signed(one.difference)}{unit} "
        f"({words.signed(one.low)} to {words.signed(one.high)}), {OUTCOMES[one.outcome]}"
    )
