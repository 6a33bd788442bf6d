"""Reading failures: encoder, features, classifier."""

__all__ = [
    "classifier",
    "failure_reader",
    "features",
    "head",
    "head_inputs",
    "learning",
    "probabilities",
    "second_opinion",
    "training",
    "why",
]
