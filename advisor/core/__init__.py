"""Plumbing that knows nothing of the advisor: settings, parsing, files, terminal, caches."""

__all__ = [
    "background",
    "console",
    "disk_cache",
    "files",
    "guarded_yaml",
    "markdown",
    "parsing",
    "process_memory",
    "settings",
    "streams",
    "strict",
    "terminal",
    "text",
    "validation",
]
