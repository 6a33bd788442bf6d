"""Reading failures: encoder, features, classifier."""

__all__ = [
    "classifier",
    "failure_reader",
    "features",
    "head",
    "learning",
    "probabilities",
    "second_opinion",
    "training",
    "why",
]
