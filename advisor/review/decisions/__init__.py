"""Who may decide what on which version; decisions, approvals, and the gate."""

__all__ = [
    "approval_facts",
    "decide",
    "decision_requests",
    "gate",
    "judgement",
    "leases",
    "overrides",
    "owner_form",
    "review_case",
    "review_view",
    "submission",
]
