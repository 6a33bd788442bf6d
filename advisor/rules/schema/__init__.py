"""What policy owners may write, as strict records."""

__all__ = [
    "answers",
    "approval",
    "review_facts",
    "rule_finding",
    "rule_schema",
]
