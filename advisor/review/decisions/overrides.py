"""The monthly list: every approval that sets something aside, who gave it, why, and until when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from advisor.domain.lifecycle import Action
from advisor.domain.review import Decision, Lease, final_day, votes
from advisor.importing import neutralise
from advisor.rules import RuleBook
from advisor.store import Store, Transaction
from advisor.store.people import people
from advisor.store.review import approvals, decisions, standing


@dataclass(frozen=True)
class Overridden:
    """One override of one person."""

    proposal: str
    title: str
    version: int
    kind: str
    """What is approved by it: `pilot` or `adoption`."""
    by: str
    """Id of whoever took the responsibility."""
    name: str
    at: datetime
    last_day: date
    """Of the approval that it led to."""
    ended_at: datetime | None
    ended_why: str
    set_aside: tuple[str, ...]
    """Titles of the vetoes."""
    reason: str
    accepted_risk: str
    control: str

    @property
    def ends(self) -> datetime:
        """The moment from which on it counts no more."""
        over = datetime.combine(self.last_day + timedelta(days=1), datetime.min.time(), UTC)
        return min(over, self.ended_at or over)


def month(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a month and the first one of the next, in UTC."""
    first = datetime(day.year, day.month, 1, tzinfo=UTC)
    return first, datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC)


def overrides(store: Store, book: RuleBook, day: date) -> tuple[Overridden, ...]:
    """Return what was in force at any time in the month of a day, the newest first."""
    first, after = month(day)
    with store.database.read() as transaction:
        found = [
            one
            for lease in approvals.overriding(transaction, after)
            for one in _of(transaction, lease, _titles(book))
        ]
        held = [one for one in found if one.ends > first]
    return tuple(sorted(held, key=lambda one: (one.at, one.proposal), reverse=True))


def _titles(book: RuleBook) -> dict[str, str]:
    approval = book.approval
    return {veto.record.id: veto.record.title for veto in approval.vetoes} if approval else {}


def _of(transaction: Transaction, lease: Lease, titles: dict[str, str]) -> Iterator[Overridden]:
    """Yield the overrides that one approval rests on."""
    given = decisions.find(transaction, lease.decision)
    decided = decisions.about(transaction, lease.proposal, given.version)
    agreed = votes(decided[: decided.index(given) + 1], given.source)
    made = [vote for vote in agreed if vote.action is Action.OVERRIDE]
    names = people.names(transaction, [vote.actor for vote in made])
    title = standing.titles(transaction, [lease.proposal])[lease.proposal]
    for vote in made:
        yield _told(vote, lease, title, names.get(vote.actor, vote.actor), titles)


def _told(one: Decision, lease: Lease, title: str, name: str, titles: dict[str, str]) -> Overridden:
    said = one.detail.get("override", {})
    return Overridden(
        proposal=one.proposal,
        title=title,
        version=one.version,
        kind=lease.kind,
        by=one.actor,
        name=name,
        at=one.at,
        last_day=final_day(lease),
        ended_at=lease.ended_at,
        ended_why=lease.ended_why,
        set_aside=tuple(titles.get(id, id) for id in one.detail.get("set_aside", ())),
        reason=one.reason,
        accepted_risk=str(said.get("accepted_risk", "")),
        control=str(said.get("control", "")),
    )


def overrides_csv(found: tuple[Overridden, ...]) -> str:
    """Return the list for a spreadsheet; formulas are neutralised."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["proposal", "title", "version", "for", "by", "given", "until", "ended",
                     "set aside", "reason", "risk accepted", "control"])  # fmt: skip
    for one in found:
        ended = one.ended_at.isoformat() if one.ended_at else ""
        aside = "; ".join(one.set_aside)
        given = (one.proposal, one.title, one.version, one.kind, one.name, one.at.isoformat())
        cells = (*given, one.last_day, ended, aside, one.reason, one.accepted_risk, one.control)
        writer.writerow([neutralise(str(cell)) for cell in cells])
    return out.getvalue()
