"""The tables. A change here needs a migration; a test compares the two."""

__all__ = [
    "pilots",
    "proposals",
    "review",
    "trail",
]
