"""Reads a whole failure for its meaning: the encoder, tuned to the project's own exemplars."""

__all__ = [
    "network",
    "reader",
    "reading",
    "tokens",
]
