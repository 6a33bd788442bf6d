"""The dossier: what a reviewer reads before deciding, as one typed record."""

from advisor.review.dossier.dossier import dossier
from advisor.review.dossier.dossier_record import Dossier

__all__ = [
    "Dossier",
    "access",
    "blind_comparison",
    "commenting",
    "decision_form",
    "decision_words",
    "dossier",
    "dossier_evidence",
    "dossier_record",
    "dossier_words",
    "similar_proposals",
]
