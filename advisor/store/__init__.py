"""Proposals, their versions, reviews and pilots in a database: the only SQL there is.

Importing this package loads no database; a name of `__all__` loads its module when it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.store.database.sessions import Transaction
    from advisor.store.learning.labels import Label
    from advisor.store.learning.learned_versions import LearnedVersion
    from advisor.store.opening import open_store
    from advisor.store.proposal_store import Store
    from advisor.store.versions.version_records import (
        UNSET,
        ListedProposal,
        SavedVersion,
        Sort,
        Stored,
        VersionInfo,
    )

__all__ = [
    "Label",
    "LearnedVersion",
    "ListedProposal",
    "SavedVersion",
    "Sort",
    "Store",
    "Stored",
    "Transaction",
    "UNSET",
    "VersionInfo",
    "database",
    "learning",
    "migrations",
    "open_store",
    "opening",
    "people",
    "pilots",
    "review",
    "tables",
    "versions",
]
_HOMES = {
    "Label": "learning.labels",
    "LearnedVersion": "learning.learned_versions",
    "Store": "proposal_store",
    "Transaction": "database.sessions",
    "open_store": "opening",
}
"""Where a name is kept, if it is no record of a version."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name, "versions.version_records")
    return getattr(import_module(f"{__name__}.{home}"), name)
