"""Before triage: drafts, edits of failures, and answers suggested from words."""
