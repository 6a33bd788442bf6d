"""Probe and pilot: find out by trying, on the team's own cases."""

__all__ = [
    "arms",
    "comparing",
    "data",
    "draft_spec",
    "exporting",
    "metrics",
    "probing",
    "reporting",
    "running",
]
