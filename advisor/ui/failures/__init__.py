"""Failures on a screen: added, and shown as they are."""
