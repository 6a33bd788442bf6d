"""Probe and pilot: find out by trying, on the team's own cases."""

__all__ = [
    "arms",
    "checks",
    "comparing",
    "data",
    "draft_spec",
    "exporting",
    "metrics",
    "probing",
    "prompts",
    "reporting",
    "retrieving",
    "running",
    "wordings",
]
