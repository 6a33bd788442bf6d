"""What the commands do, a file a command; each function returns its exit code."""

__all__ = [
    "classify",
    "options",
    "pilot",
]
