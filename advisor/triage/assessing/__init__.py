"""Assessments on demand: the classifier in use, judged once a version, and kept."""
