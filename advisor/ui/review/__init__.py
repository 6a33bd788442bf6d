"""The owner's form on a screen, and what can be taken away from a review."""
