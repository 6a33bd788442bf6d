"""Assessments on demand: the classifier in use, judged once a version, and kept."""

__all__ = [
    "active_classifier",
    "assessment_cache",
    "assessor",
    "warmup",
]
