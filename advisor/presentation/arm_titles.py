"""What the ways that a pilot compares are called where people read, and their colours."""

from __future__ import annotations

from advisor.domain.pilot_spec import ArmName
from advisor.presentation.palette import COLOURS, MUTED, REMEDY_COLOURS
from advisor.vocabulary import Cause, Remedy

ARM_WORDS: dict[str, str] = {
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
    return ARM_WORDS.get(name, name)


def arm_title(name: str) -> str:
    """Return an arm in words that can begin a sentence; one that is not ours keeps its name."""
    words = arm_words(name)
    return words if words == name and name not in ARM_WORDS else words[0].upper() + words[1:]


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


def arm_colour(name: str) -> str:
    """Return the colour of the remedy that an arm stands for."""
    return _COLOURS.get(name, MUTED)
