"""Trains the head of the classifier on the project's own exemplars."""

__all__ = [
    "exemplars",
    "fitting",
    "train_head",
]
