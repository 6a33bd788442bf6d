"""Arms compared on the same cases: paired statistics, a verdict, and when to stop early."""

from advisor.domain.comparison import Answer, ArmScore, Best, Comparison, Contrast, Outcome, Verdict
from advisor.pilot.comparing.compare import compare
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.pilot.comparing.statistics.sequential import Look, finished_arms, may_stop

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
