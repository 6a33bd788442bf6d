"""The ways of solving a task that a pilot compares, one file each."""

__all__ = [
    "arm",
    "best_prompt",
    "constrained",
    "embedding_classifier",
    "endpoint",
    "prompt",
    "recorded",
    "registry",
]
