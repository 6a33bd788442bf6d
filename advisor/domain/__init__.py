"""Records without input or output: what triage, pilots and reviews speak about."""

__all__ = [
    "assessment",
    "cases",
    "comparison",
    "frozen_pilot",
    "lifecycle",
    "pilot_result",
    "pilot_spec",
    "pilot_state",
    "review",
    "review_queue",
    "sources",
    "trail",
]
