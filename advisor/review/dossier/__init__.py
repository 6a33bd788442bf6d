"""The dossier: what a reviewer reads before deciding, as one typed record."""

from advisor.review.dossier.dossier import Assess, dossier
from advisor.review.dossier.dossier_record import Dossier

__all__ = ["Assess", "Dossier", "dossier"]
