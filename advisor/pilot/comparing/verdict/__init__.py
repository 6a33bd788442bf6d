"""From measured comparisons to one verdict and the sentences that say it."""

__all__ = [
    "standing",
    "verdict_rules",
]
