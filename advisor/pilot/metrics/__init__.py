"""How answers are judged: one record a metric, and the figures made of them."""

from advisor.pilot.metrics.metric_definition import Answered
from advisor.pilot.metrics.registry import METRICS, definition_of
from advisor.pilot.metrics.scoring import (
    aggregates,
    mean,
    score,
    score_all,
    score_table,
    slice_means,
)

__all__ = [
    "Answered",
    "METRICS",
    "aggregates",
    "definition_of",
    "judge_metric",
    "judge_prompt",
    "mean",
    "metric_definition",
    "overlap",
    "registry",
    "score",
    "score_all",
    "score_table",
    "slice_means",
]
