"""Reading failures: encoder, features, classifier."""

__all__ = [
    "classifier",
    "failure_reader",
    "features",
    "head",
    "head_inputs",
    "learning",
    "legible",
    "probabilities",
    "record",
    "second_opinion",
    "settled_by",
    "stage",
    "training",
    "why",
]
