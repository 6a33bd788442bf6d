"""The queue in plain words, so that every screen says the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from advisor.domain.lifecycle import OPEN, State
from advisor.domain.review_queue import (
    VERY_SOON,
    AskedDecision,
    Flag,
    Headline,
    QueueOrder,
    QueueRow,
    StateGroup,
)
from advisor.presentation.wording import counted, day_words, listing, start
from advisor.review.queue.own_proposals import OwnTasks

GROUPS: Mapping[StateGroup, str] = MappingProxyType({
    StateGroup.WAITING: "Waiting",
    StateGroup.OWNER: "With the owner",
    StateGroup.PILOT: "Pilot approved",
    StateGroup.APPROVED: "Approved",
    StateGroup.ENDED: "Ended",
})
ASKED: Mapping[AskedDecision, str] = MappingProxyType({
    AskedDecision.PILOT: "approval of a pilot",
    AskedDecision.ADOPTION: "approval of adoption",
    AskedDecision.RENEWAL: "renewal",
})
FLAGS: Mapping[Flag, str] = MappingProxyType({
    Flag.OVERRIDE: "Approved by override",
    Flag.EXPIRING: "Approval ends within 30 days",
    Flag.STALE: "Evidence out of date",
    Flag.AGAINST: "Advisor recommends something else",
    Flag.CHANGED: "Changed since I looked",
})
ORDERS: Mapping[QueueOrder, str] = MappingProxyType({
    QueueOrder.URGENT: "Most urgent first",
    QueueOrder.OLDEST: "Waiting longest first",
    QueueOrder.NEWEST: "Newest first",
    QueueOrder.ENDING: "Ending soonest first",
    QueueOrder.TITLE: "Title, A to Z",
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
    late = f" {found.overdue:,} {_are(found.overdue)} overdue." if found.overdue else ""
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


def stands_words(row: QueueRow) -> str:
    """Return where a proposal stands, and for how long it waits or since when it stands there."""
    if row.state in OPEN:
        return f"Waits {_for(row.days)}"
    return f"{STATES[row.state]}, {day_words(row.since.date())}"


def waits_words(row: QueueRow) -> str:
    """Return for whom it waits, and who agreed already; nothing where nobody must decide."""
    if not row.waits_for:
        return ""
    agreed = f" {listing(row.agreed)} agreed." if row.agreed else ""
    return f"For you.{agreed}" if row.mine else f"For {row.waits_for}.{agreed}"


def asked_words(row: QueueRow) -> str:
    """Return what is wanted of those who decide; nothing where nobody must."""
    if row.asked is None:
        return ""
    stage = "pilot" if row.state is State.SUBMITTED else "adoption"
    return f"Renewal: {stage}" if row.asked is AskedDecision.RENEWAL else start(ASKED[row.asked])


def flag_words(row: QueueRow, flag: Flag) -> str:
    """Return a flag with what is known about it here."""
    if flag is Flag.EXPIRING and row.days_left is not None:
        return f"Ends in {counted(row.days_left, 'day')}" if row.days_left else "Ends today"
    return _SHORT.get(flag, FLAGS[flag])


_SHORT = {Flag.OVERRIDE: "Override", Flag.AGAINST: "Advisor disagrees"}


def is_strong(row: QueueRow, flag: Flag) -> bool:
    """Tell whether a flag asks for attention now."""
    soon = row.days_left is not None and row.days_left <= VERY_SOON.days
    return flag is Flag.OVERRIDE or (flag is Flag.EXPIRING and soon)


def end_words(row: QueueRow) -> str:
    """Return when its approval ends, or why it is over already; nothing without one."""
    if row.over:
        return f"{row.over}."
    if row.last_day is None:
        return ""
    holds = "Holds until" if row.state is State.APPROVED else "The pilot may run until"
    return f"{holds} {day_words(row.last_day)}"


OWNER_STATES: Mapping[State, str] = MappingProxyType({
    State.DRAFT: "Changed since it was handed in; nobody decides until it is handed in again",
    State.SUBMITTED: "Handed in. Reviewers decide whether a pilot may run",
    State.CHANGES: "Back with you: changes are asked for",
    State.PILOT: "A pilot may run",
    State.EVALUATED: "The pilot has a result. Reviewers decide on adoption; the pilot may run",
    State.APPROVED: "Approved: it may be trained and used",
    State.REFUSED: "Refused. The reasons are in the dossier",
    State.EXPIRED: "The approval is over: nothing may be trained or used",
    State.REVOKED: "The approval was taken back. The reasons are in the dossier",
    State.WITHDRAWN: "Withdrawn",
})
"""Where a proposal stands, to those who wrote it; `until …` may follow where an approval runs."""


def tasks_words(found: OwnTasks) -> str:
    """Return what is asked of the owner, the answer first."""
    if not found.tasks:
        return "Nothing is asked of you."
    things = f"**{counted(len(found.tasks), 'thing')}** {_are(len(found.tasks))} asked of you"
    days = [task.by for task in found.tasks if task.by]
    return f"{things}, the next by {day_words(min(days))}." if days else f"{things}."
