"""Pilots in the database: queued, worked on, kept."""

__all__ = [
    "pilot_queue",
    "pilot_statements",
    "pilot_work",
    "prices",
]
