"""How answers are judged: one record a metric, and the figures made of them."""

from advisor.pilot.metrics.measure_type import CUT, Answered, Measure
from advisor.pilot.metrics.registry import METRICS, measure
from advisor.pilot.metrics.scoring import (
    aggregates,
    mean,
    score,
    score_all,
    score_table,
    slice_means,
)

__all__ = [
    "CUT",
    "METRICS",
    "Answered",
    "Measure",
    "aggregates",
    "mean",
    "measure",
    "score",
    "score_all",
    "score_table",
    "slice_means",
]
