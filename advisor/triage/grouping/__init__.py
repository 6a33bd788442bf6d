"""Failures that fail alike, put together, named, and laid out on a map."""
