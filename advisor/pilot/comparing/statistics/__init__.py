"""Paired statistics on the scores of several arms on the same cases."""

__all__ = [
    "curve",
    "intervals",
    "measuring",
    "pairs",
    "planning",
    "score_table",
    "score_words",
    "sequential",
    "significance",
]
