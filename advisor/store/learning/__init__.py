"""Corrections in the database, and the versions of the classifier that they taught."""

__all__ = [
    "label_edits",
    "labels",
    "learned_file",
    "learned_versions",
]
