"""Connections, transactions, statements that both databases share, and the trail's rows."""

__all__ = [
    "audit_trail",
    "sessions",
    "statements",
]
