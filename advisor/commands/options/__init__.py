"""What each command takes and what its help says: light, so that help is there at once.

What a command does stands in its neighbour above, imported when it is called.
"""

__all__ = [
    "audit",
    "library",
    "people",
    "pilot",
    "review",
    "triage",
]
