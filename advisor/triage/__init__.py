"""Decides: weighs evidence, values remedies, explains the choice, and says what would flip it."""
