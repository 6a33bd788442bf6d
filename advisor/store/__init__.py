"""Proposals and their versions in a database."""

from advisor.store.learning.labels import Label
from advisor.store.learning.learned_versions import LearnedVersion
from advisor.store.opening import open_store
from advisor.store.proposal_store import Store
from advisor.store.versions.version_records import (
    UNSET,
    ListedProposal,
    ProposalPage,
    SavedVersion,
    Sort,
    Stored,
    VersionInfo,
)

__all__ = [
    "UNSET",
    "Label",
    "LearnedVersion",
    "ListedProposal",
    "ProposalPage",
    "SavedVersion",
    "Sort",
    "Store",
    "Stored",
    "VersionInfo",
    "open_store",
]
