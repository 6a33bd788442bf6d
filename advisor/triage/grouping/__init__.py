"""Failures that fail alike, put together, named, and laid out on a map."""

__all__ = [
    "failure_map",
    "group_charts",
    "group_names",
    "groups",
]
