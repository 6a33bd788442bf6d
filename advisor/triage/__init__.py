"""Decides: weighs evidence, values remedies, explains the choice, and says what would flip it."""

__all__ = ["assessing", "explain", "grouping", "judge", "recommend", "value"]
