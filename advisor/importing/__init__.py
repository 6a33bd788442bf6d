"""Failures and documents from the files people have."""
