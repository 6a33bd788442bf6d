"""What the arms are called where people read."""

from advisor.domain.pilot_spec import ArmName

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
