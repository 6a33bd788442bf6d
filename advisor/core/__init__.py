"""Plumbing that knows nothing of the advisor: settings, parsing, files, terminal, caches."""
