"""Documents rendered from one typed record."""

from advisor.documents.render import WRITERS

__all__ = [
    "WRITERS",
    "recommendation",
    "record",
    "render",
]
