"""Arms compared on the same cases: paired statistics, a verdict, and when to stop early."""

from advisor.domain.comparison import (
    Comparison,
    ComparisonOutcome,
    Contrast,
    Verdict,
    VerdictOutcome,
)
from advisor.pilot.comparing.compare import compare
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.pilot.comparing.statistics.sequential import InterimLook, finished_arms, may_stop

__all__ = [
    "Comparison",
    "ComparisonOutcome",
    "Contrast",
    "InterimLook",
    "ScoreTable",
    "Verdict",
    "VerdictOutcome",
    "compare",
    "comparison_words",
    "finished_arms",
    "may_stop",
    "reading",
    "statistics",
    "terminal_view",
]
