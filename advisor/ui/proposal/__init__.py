"""Parts of a proposal's screens: beginning, failures, groups, questions, recommendation."""

__all__ = [
    "adding",
    "answering",
    "failure_list",
    "failure_texts",
    "failures_view",
    "grounds",
    "group_cards",
    "grouping",
    "long_form",
    "pictures",
    "proposal_list",
    "question_views",
    "remedies_view",
    "starting",
]
