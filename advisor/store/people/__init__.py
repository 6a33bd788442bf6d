"""People, their roles and tokens, and what roles let them write."""
