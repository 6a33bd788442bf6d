"""The HTTP API, for intake portals and pipelines: hand in, read, and ask the gate.

Nobody decides here: a decision needs the dossier, which is read on its screen.
"""

from advisor.api.app import api
from advisor.api.limiting import Rates

__all__ = [
    "Rates",
    "api",
    "bodies",
    "document",
    "limiting",
    "operations",
    "pools",
    "problems",
    "service",
]
