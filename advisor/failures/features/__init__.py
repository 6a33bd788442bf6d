"""Relations between the parts of a failure, as numbers with a name each."""

__all__ = [
    "case",
    "conduct",
    "facts",
    "instructions",
    "lexicons",
    "ngrams",
    "prototypes",
    "registry",
    "texts",
]
