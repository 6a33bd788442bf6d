"""The ways of solving a task that a pilot compares, one file each."""

__all__ = ["arm", "registry"]
