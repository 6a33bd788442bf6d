"""Versions of proposals in the database: their rows, content, failures, and what changed."""

__all__ = [
    "changes",
    "content",
    "failure_sets",
    "listing",
    "version_records",
    "version_rows",
]
