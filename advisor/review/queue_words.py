"""The queue in plain words, so that every screen says the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from advisor.review.leases import day_words
from advisor.review.lifecycle import OPEN, State
from advisor.review.queue_records import (
    VERY_SOON,
    Asked,
    Flag,
    Group,
    Headline,
    Order,
    Row,
)
from advisor.wording import counted, listing, start

GROUPS: Mapping[Group, str] = MappingProxyType({
    Group.WAITING: "Waiting",
    Group.OWNER: "With the owner",
    Group.PILOT: "Pilot approved",
    Group.APPROVED: "Approved",
    Group.ENDED: "Ended",
})
ASKED: Mapping[Asked, str] = MappingProxyType({
    Asked.PILOT: "approval of a pilot",
    Asked.ADOPTION: "approval of adoption",
    Asked.RENEWAL: "renewal",
})
FLAGS: Mapping[Flag, str] = MappingProxyType({
    Flag.OVERRIDE: "Approved by override",
    Flag.EXPIRING: "Approval ends within 30 days",
    Flag.STALE: "Evidence out of date",
    Flag.AGAINST: "Advisor recommends something else",
    Flag.CHANGED: "Changed since I looked",
})
ORDERS: Mapping[Order, str] = MappingProxyType({
    Order.URGENT: "Most urgent first",
    Order.OLDEST: "Waiting longest first",
    Order.NEWEST: "Newest first",
    Order.ENDING: "Ending soonest first",
    Order.TITLE: "Title, A to Z",
})
STATES: Mapping[State, str] = MappingProxyType({
    State.DRAFT: "Draft, with its owner",
    State.SUBMITTED: "Waits for a decision on a pilot",
    State.CHANGES: "Changes asked for, with its owner",
    State.PILOT: "Pilot approved",
    State.EVALUATED: "Waits for a decision on adoption",
    State.APPROVED: "Adoption approved",
    State.REFUSED: "Refused",
    State.EXPIRED: "Approval over",
    State.REVOKED: "Approval revoked",
    State.WITHDRAWN: "Withdrawn",
})


def headline_words(found: Headline, decides: bool) -> str:
    """Return what waits, the answer first.

    Args:
        found: The figures.
        decides: Whether the reader may decide anything at all.
    """
    if not found.waiting:
        return "Nothing waits for a decision."
    late = f" {found.overdue:,} of all {_are(found.overdue)} overdue." if found.overdue else ""
    if decides and found.mine:
        return f"**{_wait(found.mine)} for you**, the oldest {_for(found.mine_days)}.{late}"
    if decides:
        return f"**Nothing waits for you.** {_wait(found.waiting)} for other people.{late}"
    oldest = _for(found.waiting_days)
    return f"**{_wait(found.waiting)} for a decision**, the oldest {oldest}.{late}"


def _wait(count: int) -> str:
    return f"{count:,} {'waits' if count == 1 else 'wait'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _for(days: int) -> str:
    return f"for {counted(days, 'day')}" if days else "since today"


def stands_words(row: Row) -> str:
    """Return where a proposal stands and for how long: `Waits 12 days, overdue`."""
    if row.state in OPEN:
        waits = f"Waits {_for(row.days)}"
        return f"**Overdue.** {waits}" if row.overdue else waits
    return f"{STATES[row.state]} {_for(row.days)}"


def waits_words(row: Row) -> str:
    """Return for whom it waits, and who agreed already; nothing where nobody must decide."""
    if not row.waits_for:
        return ""
    agreed = f" {listing(row.agreed)} agreed." if row.agreed else ""
    return f"For you.{agreed}" if row.mine else f"For {row.waits_for}.{agreed}"


def asked_words(row: Row) -> str:
    """Return what is wanted of those who decide; nothing where nobody must."""
    if row.asked is None:
        return ""
    stage = "pilot" if row.state is State.SUBMITTED else "adoption"
    return f"Renewal: {stage}" if row.asked is Asked.RENEWAL else start(ASKED[row.asked])


def flag_words(row: Row, flag: Flag) -> str:
    """Return a flag with what is known about it here."""
    if flag is Flag.EXPIRING and row.days_left is not None:
        return f"Ends in {counted(row.days_left, 'day')}" if row.days_left else "Ends today"
    return _SHORT.get(flag, FLAGS[flag])


_SHORT = {Flag.OVERRIDE: "Override", Flag.AGAINST: "Advisor disagrees"}


def is_strong(row: Row, flag: Flag) -> bool:
    """Tell whether a flag asks for attention now."""
    soon = row.days_left is not None and row.days_left <= VERY_SOON.days
    return flag is Flag.OVERRIDE or (flag is Flag.EXPIRING and soon)


def end_words(row: Row) -> str:
    """Return when its approval ends, or why it is over already; nothing without one."""
    if row.over:
        return f"{row.over}."
    return f"Ends {day_words(row.last_day)}" if row.last_day else ""
