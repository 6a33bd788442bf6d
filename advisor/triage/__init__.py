"""Decides: weighs evidence, values remedies, explains the choice, and says what would flip it."""

__all__ = [
    "assessing",
    "evidence",
    "explain",
    "grouping",
    "judge",
    "reasons",
    "recommend",
    "sensitivity",
    "value",
]
