"""The queue: what waits for a decision, for whom and how long, and what stands out.

Filters, order and counts come from the database; only the rows of one page are looked at closely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from advisor.domain.lifecycle import OPEN, Role, State
from advisor.domain.review import Lease, Standing, last_moment, votes
from advisor.domain.review_queue import (
    SOON,
    AskedDecision,
    Flag,
    QueuedProposal,
    QueuePage,
    QueueQuery,
    QueueReader,
    QueueRow,
)
from advisor.errors import InputError, Problem
from advisor.review.decisions import leases
from advisor.review.decisions.leases import WorldChanges
from advisor.rules import RuleBook
from advisor.rules.schema.approval import Tier
from advisor.store import Store, Transaction
from advisor.store.database.statements import now
from advisor.store.people import people
from advisor.store.review import approvals, decisions, queue_statements
from advisor.store.review.queue_conditions import STAGES, QueueConditions


def queue(store: Store, book: RuleBook, looker: QueueReader, wanted: QueueQuery) -> QueuePage:
    """Return one page of the queue as a person sees it.

    Args:
        store: Where decisions are kept.
        book: The rules in force.
        looker: Who looks, with the roles they hold now.
        wanted: Filters, order, and which page; one beyond the last shows nothing.

    Raises:
        InputError: the rules say nothing about approvals.
    """
    seen = conditions_for(book, looker)
    with store.database.read() as transaction:
        found = queue_statements.rows_of(transaction, seen, wanted)
        counts = queue_statements.counts(transaction, seen, wanted.filters)
        group = wanted.filters.group
        return QueuePage(
            rows=_PageRows(transaction, seen, book, found).rows(),
            total=counts[group] if group else sum(counts.values()),
            counts=counts,
            headline=queue_statements.headline(transaction, seen),
        )


def owners(store: Store) -> dict[str, str]:
    """Return the names of everybody who has something in review, by id."""
    with store.database.read() as transaction:
        return named(transaction, queue_statements.owners(transaction))


def conditions_for(book: RuleBook, looker: QueueReader) -> QueueConditions:
    """Return the queue as a person sees it now.

    Raises:
        InputError: the rules say nothing about approvals.
    """
    if book.approval is None:
        problem = Problem("approval.yaml", "is missing", "Without it nothing can be reviewed")
        raise InputError(problem)
    tiers = {str(name): tier for name, tier in book.approval.tiers.items()}
    return QueueConditions(looker, tiers, now())


def named(transaction: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """Return a name for every id; who is not in our table is named by the id."""
    wanted = [*ids]
    known = people.names(transaction, wanted)
    return {id: known.get(id, id) for id in wanted}


class _PageRows:
    """The rows of one page, looked at closely: names, votes, and what holds at this moment."""

    def __init__(
        self,
        transaction: Transaction,
        seen: QueueConditions,
        book: RuleBook,
        found: tuple[QueuedProposal, ...],
    ) -> None:
        """Read what belongs to these rows, each kind in one statement."""
        self._found, self._seen = found, seen
        ids = [row.proposal for row in found]
        running = approvals.running(transaction, ids)
        self._running = {where.proposal: (where, lease) for where, lease in running}
        self._changes = leases.changes_since(transaction, book, (lease for _, lease in running))
        self._voters = _voters(transaction, found)
        voters = {id for ids in self._voters.values() for id in ids}
        self._names = named(transaction, {*voters, *(row.owner for row in found)})

    def rows(self) -> tuple[QueueRow, ...]:
        return tuple(map(self._row, self._found))

    def _row(self, row: QueuedProposal) -> QueueRow:
        triggered, over = _now(self._running.get(row.proposal), self._changes, self._seen)
        tier = self._seen.tiers.get(row.tier)
        agreed = tuple(self._names[id] for id in self._voters.get(row.proposal, ()))
        return QueueRow(
            proposal=row.proposal,
            title=row.title,
            owner=self._names[row.owner],
            state=State.EXPIRED if over else row.state,
            tier=row.tier,
            version=row.version,
            since=row.since,
            days=max(0, (self._seen.at - row.since).days),
            asked=AskedDecision(row.asked) if row.asked else None,
            waits_for=waits_for(row, tier) if tier else "",
            agreed=agreed,
            last_day=last_moment(row.ends).date() if row.ends else None,
            days_left=(row.ends - self._seen.at).days if row.ends else None,
            overdue=row.overdue,
            mine=row.mine,
            flags=tuple(flag for flag, has in _FLAGS if has(row, self._seen, triggered)),
            over=over,
            triggered=triggered,
        )


def _voters(transaction: Transaction, found: Iterable[QueuedProposal]) -> dict[str, list[str]]:
    """Return who agreed to each of these since it stands where it does."""
    voted = {row.proposal: row for row in found if row.agreed}
    versions = {id: row.version for id, row in voted.items()}
    decided = decisions.about_latest(transaction, versions)
    return {id: [vote.actor for vote in votes(decided[id], row.state)] for id, row in voted.items()}


def _now(
    running: tuple[Standing, Lease] | None, changes: WorldChanges, seen: QueueConditions
) -> tuple[tuple[str, ...], str]:
    """Return what changed in the world since an approval, and why it is over."""
    if running is None:
        return (), ""
    where, lease = running
    triggered = leases.triggers(lease, changes)
    return triggered, leases.over(where, lease, triggered, seen.at)


def waits_for(row: QueuedProposal, tier: Tier) -> str:
    """Return in words who must decide; nothing where nobody must."""
    if row.state not in OPEN:
        return ""
    left = max(1, tier.people(STAGES[row.state]) - row.agreed)
    risk = tier.one_from_risk and not row.agreed_risk
    if risk and left == 1:
        return f"somebody with the role {Role.RISK}"
    if left == 1:
        return f"a {Role.REVIEWER}" if not row.agreed else f"one more {Role.REVIEWER}"
    return (
        f"{left} people, one of them with the role {Role.RISK}"
        if risk
        else f"{left} {Role.REVIEWER}s"
    )


def _expiring(row: QueuedProposal, seen: QueueConditions) -> bool:
    return row.ends is not None and seen.at < row.ends <= seen.at + SOON


_Has = Callable[[QueuedProposal, QueueConditions, tuple[str, ...]], bool]
_FLAGS: tuple[tuple[Flag, _Has], ...] = (
    (Flag.OVERRIDE, lambda row, *_: row.override),
    (Flag.EXPIRING, lambda row, seen, _: _expiring(row, seen)),
    (Flag.STALE, lambda row, _, triggered: bool(triggered)),
    (Flag.AGAINST, lambda row, *_: row.against),
    (Flag.CHANGED, lambda row, *_: row.changed),
)
"""In the order in which they are shown."""
