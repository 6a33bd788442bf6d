"""Reviews in the database: people, decisions, conditions, messages, and the queue's statements."""

__all__ = [
    "approvals",
    "comments",
    "decisions",
    "earlier_proposals",
    "message_outbox",
    "own_proposals",
    "parts",
    "queue_conditions",
    "queue_statements",
    "standing",
    "trail_checks",
]
