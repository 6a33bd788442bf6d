"""Parts of the screens of the library: rules, logs, what was learned."""

__all__ = [
    "learning_acts",
    "log_parts",
    "opinions_view",
    "policy_view",
    "rules_view",
    "versions_view",
]
