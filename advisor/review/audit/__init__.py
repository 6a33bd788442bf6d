"""The audit trail for people: followed, proved, shown, and taken away."""

__all__ = [
    "chain",
    "trail_file",
    "trail_page",
    "trail_proof",
    "trail_words",
]
