"""Failures that fail alike, put together, named, and laid out on a map."""

__all__ = ["group_charts", "groups"]
