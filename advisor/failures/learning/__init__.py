"""What people's corrections teach the classifier, tried before it is used."""

__all__ = [
    "folds",
    "guard",
    "layer",
    "learn",
    "learning_chart",
    "opinions",
    "versions",
]
