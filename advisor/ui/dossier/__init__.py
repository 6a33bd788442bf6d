"""Parts of the dossier's screen, in the order in which they are drawn."""

__all__ = [
    "background_view",
    "blind_view",
    "decide_view",
    "evidence_view",
    "head",
]
