"""What would settle an unsure reading: the part that is missing and would tell most."""

from __future__ import annotations

import numpy as np

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.vocabulary import CAUSE_OF, Mode

TELLS: dict[Mode, str] = {
    Mode.FORMAT: "input",
    Mode.STYLE: "input",
    Mode.LABEL: "expected",
    Mode.PROCEDURE: "input",
    Mode.UNFAITHFUL: "context",
    Mode.MISSING_KNOWLEDGE: "expected",
    Mode.STALE_KNOWLEDGE: "expected",
    Mode.FABRICATION: "expected",
    Mode.RETRIEVAL_MISS: "context",
    Mode.UNDERSPECIFIED: "input",
    Mode.REASONING: "expected",
    Mode.SYSTEM: "output",
}
"""The part that shows each mode best."""
NAMES = {
    "input": "The whole request",
    "output": "What the model answered",
    "expected": "The answer that was wanted",
    "context": "The text that the model was shown",
    "note": "A note that says what is wrong",
}


def settled_by(case: FailureCase, chances: Array) -> str:
    """Return, in a sentence, which missing part would settle what `chances` leave open.

    Args:
        case: the failure.
        chances: probabilities of the modes, shape (modes,).
    """
    for part in (*_telling(chances), "note"):
        if not getattr(case, part):
            return f"{NAMES[part]} would settle it."
    return "Whoever noted it may say in other words what is wrong."


def _telling(chances: Array) -> list[str]:
    """Return the parts that tell the likeliest mode from the likeliest one of another cause."""
    ordered = [MODES[place] for place in np.argsort(-chances, kind="stable")]
    other = next(mode for mode in ordered if CAUSE_OF[mode] != CAUSE_OF[ordered[0]])
    return [TELLS[ordered[0]], TELLS[other]]
