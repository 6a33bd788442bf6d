"""Records without input or output: what triage, pilots and reviews speak about."""
