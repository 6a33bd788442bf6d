"""Proposals and their versions in a database."""
