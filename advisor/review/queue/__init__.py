"""What waits for a decision, for whom and how long, and what goes on by itself meanwhile."""

__all__ = [
    "open_conditions",
    "own_proposals",
    "queue_page",
    "queue_words",
    "schedule",
    "upkeep",
]
