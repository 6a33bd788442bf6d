"""A language model reads the failures too; its word has bounded weight."""

__all__ = [
    "advised_reader",
    "ask",
    "injection_flags",
    "opinion_cache",
    "prompt",
    "report",
]
