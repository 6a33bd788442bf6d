"""Pilots in the database: queued, worked on, kept."""
