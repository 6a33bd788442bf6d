"""Versions of proposals in the database: their rows, content, failures, and what changed."""
