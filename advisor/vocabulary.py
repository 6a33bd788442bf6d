"""The words everything else is built from: causes, modes, remedies, their combinations, tiers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, get_args


class Cause(StrEnum):
    """Why a failure happened."""

    BEHAVIOUR = "behaviour"
    KNOWLEDGE = "knowledge"
    SPECIFICATION = "specification"
    CAPABILITY = "capability"
    OPERATIONS = "operations"


class Mode(StrEnum):
    """What went wrong in one failure."""

    FORMAT = "format"
    STYLE = "style"
    LABEL = "label"
    PROCEDURE = "procedure"
    UNFAITHFUL = "unfaithful"
    MISSING_KNOWLEDGE = "missing_knowledge"
    STALE_KNOWLEDGE = "stale_knowledge"
    FABRICATION = "fabrication"
    RETRIEVAL_MISS = "retrieval_miss"
    UNDERSPECIFIED = "underspecified"
    REASONING = "reasoning"
    SYSTEM = "system"


class Remedy(StrEnum):
    """What may be done about it, simplest first: this order names every combination."""

    PROMPTING = "prompting"
    RETRIEVAL = "retrieval"
    FINE_TUNING = "fine_tuning"
    OTHER = "other"


CAUSE_OF: dict[Mode, Cause] = {
    Mode.FORMAT: Cause.BEHAVIOUR,
    Mode.STYLE: Cause.BEHAVIOUR,
    Mode.LABEL: Cause.BEHAVIOUR,
    Mode.PROCEDURE: Cause.BEHAVIOUR,
    Mode.UNFAITHFUL: Cause.BEHAVIOUR,
    Mode.MISSING_KNOWLEDGE: Cause.KNOWLEDGE,
    Mode.STALE_KNOWLEDGE: Cause.KNOWLEDGE,
    Mode.FABRICATION: Cause.KNOWLEDGE,
    Mode.RETRIEVAL_MISS: Cause.KNOWLEDGE,
    Mode.UNDERSPECIFIED: Cause.SPECIFICATION,
    Mode.REASONING: Cause.CAPABILITY,
    Mode.SYSTEM: Cause.OPERATIONS,
}
CAUSE_NAMES: dict[Cause, str] = {
    Cause.BEHAVIOUR: "behaviour",
    Cause.KNOWLEDGE: "knowledge",
    Cause.SPECIFICATION: "request",
    Cause.CAPABILITY: "ability",
    Cause.OPERATIONS: "running",
}
MODE_NAMES: dict[Mode, str] = {
    Mode.FORMAT: "broken format",
    Mode.STYLE: "wrong style",
    Mode.LABEL: "wrong label",
    Mode.PROCEDURE: "steps not followed",
    Mode.UNFAITHFUL: "text not used",
    Mode.MISSING_KNOWLEDGE: "missing knowledge",
    Mode.STALE_KNOWLEDGE: "outdated knowledge",
    Mode.FABRICATION: "invented facts",
    Mode.RETRIEVAL_MISS: "search missed",
    Mode.UNDERSPECIFIED: "unclear request",
    Mode.REASONING: "reasoning or tools",
    Mode.SYSTEM: "cost, speed, limits",
}
"""As people read them; the rules' taxonomy must use the same, which is checked when they load."""

Combination = tuple[Remedy, ...]

_P, _R, _F, _O = Remedy
COMBINATIONS: tuple[Combination, ...] = (
    (_P,),
    (_R,),
    (_F,),
    (_O,),
    (_P, _R),
    (_P, _F),
    (_P, _O),
    (_R, _F),
    (_R, _O),
    (_F, _O),
    (_P, _R, _F),
)
"""Every set of remedies that triage compares, simplest first."""


def combination_name(remedies: Iterable[Remedy]) -> str:
    """Name a set of remedies in the order of `Remedy`: `retrieval+fine_tuning`."""
    chosen = set(remedies)
    return "+".join(remedy for remedy in Remedy if remedy in chosen)


def combination(name: str) -> Combination:
    """Read a name made by `combination_name`; raise `ValueError` for an unknown remedy."""
    chosen = {Remedy(part) for part in name.split("+")}
    return tuple(remedy for remedy in Remedy if remedy in chosen)


TierName = Literal["low", "medium", "high"]
TIERS: tuple[TierName, ...] = get_args(TierName)
"""How much is at stake in a review, the lowest first."""
