"""Before triage: drafts, edits of failures, and answers suggested from words."""

__all__ = [
    "drafts",
    "failure_edits",
    "failure_lists",
    "questionnaire",
    "suggestions",
]
