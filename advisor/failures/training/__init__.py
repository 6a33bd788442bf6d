"""Trains the head of the classifier on the project's own exemplars."""

__all__ = ["exemplars"]
