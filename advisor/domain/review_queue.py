"""What the queue is asked for, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from advisor.domain.lifecycle import OPEN, Role, State

SOON = timedelta(days=30)
"""So long before its end an approval counts as ending soon."""
VERY_SOON = timedelta(days=7)
ROWS = 15
"""Proposals on one page of the queue."""


class AskedDecision(StrEnum):
    """What is wanted of those who decide."""

    PILOT = "pilot"
    ADOPTION = "adoption"
    RENEWAL = "renewal"
    """A pilot or adoption of what was adopted before."""


class Flag(StrEnum):
    """Something that makes a proposal stand out."""

    OVERRIDE = "override"
    """Its approval sets something aside."""
    EXPIRING = "expiring"
    """Its approval ends within 30 days."""
    CHANGED = "changed"
    """Somebody else changed it since this person looked at it last."""
    STALE = "stale"
    """Something changed in the world since its evidence."""
    AGAINST = "against"
    """The advisor recommends something else."""


class StateGroup(StrEnum):
    """Where proposals stand, for those who decide."""

    WAITING = "waiting"
    OWNER = "owner"
    PILOT = "pilot"
    APPROVED = "approved"
    ENDED = "ended"


GROUPS: Mapping[StateGroup, frozenset[State]] = MappingProxyType({
    StateGroup.WAITING: OPEN,
    StateGroup.OWNER: frozenset({State.DRAFT, State.CHANGES}),
    StateGroup.PILOT: frozenset({State.PILOT}),
    StateGroup.APPROVED: frozenset({State.APPROVED}),
    StateGroup.ENDED: frozenset({State.REFUSED, State.EXPIRED, State.REVOKED, State.WITHDRAWN}),
})
"""Every state is in one group."""


class QueueOrder(StrEnum):
    """What comes first."""

    URGENT = "urgent"
    """Overdue, then the highest tier, then what waits longest."""
    OLDEST = "oldest"
    NEWEST = "newest"
    ENDING = "ending"
    TITLE = "title"


@dataclass(frozen=True)
class Filters:
    """Which proposals to show: those that fit every one that is given."""

    group: StateGroup | None = StateGroup.WAITING
    mine: bool = False
    """Only what waits for the person who looks."""
    asked: AskedDecision | None = None
    flag: Flag | None = None
    tier: str | None = None
    owner: str | None = None
    text: str = ""
    """Words that must all be in the title."""


@dataclass(frozen=True)
class QueueQuery:
    """One page of the queue."""

    filters: Filters = field(default_factory=Filters)
    order: QueueOrder = QueueOrder.URGENT
    page: int = 1


ALL = "all"
"""Every group, in an address."""
_Name = TypeVar("_Name", bound=StrEnum)


def wanted_of(given: Mapping[str, str]) -> QueueQuery:
    """Return what the parameters of an address ask for; what means nothing is left out."""
    group = given.get("show", StateGroup.WAITING)
    filters = Filters(
        group=None if group == ALL else _one(StateGroup, group) or StateGroup.WAITING,
        mine=given.get("mine") == "yes",
        asked=_one(AskedDecision, given.get("asked")),
        flag=_one(Flag, given.get("flag")),
        tier=given.get("tier") or None,
        owner=given.get("owner") or None,
        text=given.get("q", "")[:200],
    )
    page = given.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return QueueQuery(
        filters, _one(QueueOrder, given.get("order")) or QueueOrder.URGENT, max(1, number)
    )


def _one(names: type[_Name], given: str | None) -> _Name | None:
    return names(given) if given is not None and given in [*names] else None


@dataclass(frozen=True)
class QueueReader:
    """Who looks, with the roles they hold now."""

    person: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class QueuedProposal:
    """One proposal as the database gives it."""

    proposal: str
    title: str
    owner: str
    state: State
    tier: str
    version: int
    since: datetime
    asked: str
    agreed: int
    agreed_risk: bool
    against: bool
    ends: datetime | None
    override: bool
    overdue: bool
    mine: bool
    changed: bool


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    proposal: str
    title: str
    owner: str
    """Name of who began it."""
    state: State
    tier: str
    version: int
    since: datetime
    days: int
    """Whole days that it has stood there."""
    asked: AskedDecision | None
    waits_for: str
    """In words: which roles, and how many people; nothing where nobody must decide."""
    agreed: tuple[str, ...]
    """Names of those who agreed already."""
    last_day: date | None
    """The last day of its approval."""
    days_left: int | None
    overdue: bool
    mine: bool
    """It waits for the person who looks."""
    flags: tuple[Flag, ...]
    over: str
    """Why its approval is over, though nobody wrote that down yet."""
    triggered: tuple[str, ...]
    """What changed in the world since its approval, a sentence each."""


@dataclass(frozen=True)
class Headline:
    """What waits, whatever is filtered."""

    mine: int = 0
    mine_days: int = 0
    """Days that the oldest of them has waited."""
    waiting: int = 0
    waiting_days: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class QueuePage:
    """A part of the queue."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: Mapping[StateGroup, int]
    """How many there are in each group under the other filters."""
    headline: Headline
