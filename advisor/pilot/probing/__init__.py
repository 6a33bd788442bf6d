"""Probe: ask again with one thing changed; what mends a failure tells its cause."""
