"""What the store gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from advisor.proposal import Draft

AUTHOR = "local"
"""The person at the command line, as in the app without sign-in."""
Sort = Literal["updated", "created", "title"]
"""Order of the list: changed last, made last, or by title from A to Z."""


class Unset(Enum):
    """The one value that takes an answer, a correction or a text away."""

    UNSET = "unset"


UNSET = Unset.UNSET
"""Give it to `Store.edit` as a value: the answer counts as never given."""


@dataclass(frozen=True)
class SavedVersion:
    """Where a write ended up."""

    id: str
    version: int


@dataclass(frozen=True)
class Stored:
    """One version of a proposal; `author` and the times are those of the whole proposal."""

    id: str
    version: int
    draft: Draft
    author: str
    created_at: datetime
    updated_at: datetime
    archived: bool = False


@dataclass(frozen=True)
class VersionInfo:
    """One saved change."""

    version: int
    author: str
    at: datetime
    summary: str
    """What changed, in a few words."""
    fingerprint: str
    """`Draft.fingerprint` of this version, as exports show it."""


@dataclass(frozen=True)
class ListedProposal:
    """One line of the list of proposals."""

    id: str
    version: int
    title: str
    author: str
    created_at: datetime
    updated_at: datetime
    recommendation: str | None = None
    confidence: float | None = None
    abstained: bool | None = None
    assessed_version: int | None = None
    """The version that the recommendation is about; lower than `version` when it is out of date."""


@dataclass(frozen=True)
class ProposalPage:
    """A part of the list, and how many there are in all."""

    rows: tuple[ListedProposal, ...]
    total: int
