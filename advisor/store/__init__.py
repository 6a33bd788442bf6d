"""Proposals and their versions in a database."""

from advisor.store.labels import Label
from advisor.store.learned import LearnedVersion
from advisor.store.opening import open_store
from advisor.store.proposals import Store
from advisor.store.records import UNSET, Listed, Page, Saved, Sort, Stored, VersionInfo

__all__ = [
    "UNSET",
    "Label",
    "LearnedVersion",
    "Listed",
    "Page",
    "Saved",
    "Sort",
    "Store",
    "Stored",
    "VersionInfo",
    "open_store",
]
