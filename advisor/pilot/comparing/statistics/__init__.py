"""Paired statistics on the scores of several arms on the same cases."""
