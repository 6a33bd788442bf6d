"""People, their roles and tokens, and what roles let them write."""

__all__ = [
    "people",
    "rights",
    "tokens",
]
