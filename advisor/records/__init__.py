"""Documents rendered from one typed record."""

from advisor.records.render import WRITERS

__all__ = ["WRITERS"]
