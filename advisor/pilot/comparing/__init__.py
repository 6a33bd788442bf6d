"""Arms compared on the same cases: paired statistics, a verdict, and when to stop early."""

from advisor.pilot.comparing.comparison import compare
from advisor.pilot.comparing.record import (
    Answer,
    ArmScore,
    Best,
    Comparison,
    Contrast,
    Outcome,
    Verdict,
)
from advisor.pilot.comparing.sequential import Look, finished_arms, may_stop
from advisor.pilot.comparing.table import ScoreTable

__all__ = [
    "Answer",
    "ArmScore",
    "Best",
    "Comparison",
    "Contrast",
    "Look",
    "Outcome",
    "ScoreTable",
    "Verdict",
    "compare",
    "finished_arms",
    "may_stop",
]
