"""Parts of the screens around review: the owner's form, queue, records, trail, people."""

__all__ = [
    "audit_exports",
    "conditions_view",
    "owner_fields",
    "person_card",
    "queue_card",
    "queue_filters",
    "record_exports",
    "submit_view",
    "trail_check",
    "trail_filters",
    "undelivered_view",
]
