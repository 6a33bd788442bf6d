"""Review: who may decide what on which version, and what stands now."""

__all__ = [
    "audit",
    "decisions",
    "dossier",
    "notifying",
    "people",
    "queue",
    "recording",
]
