"""Corrections in the database, and the versions of the classifier that they taught."""
