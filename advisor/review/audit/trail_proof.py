"""Proving the whole: the chain, the triggers that guard it, and the tables that its rows speak of.

A chain shows that nobody changed what was written down. It does not show that a version or a
decision still is what it was: therefore both are compared with their rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from advisor.domain.lifecycle import Action
from advisor.domain.review import Decision, decision_in, detail_in, misfits
from advisor.domain.trail import TrailEntry, TrailHead, Unreadable
from advisor.presentation.wording import listing
from advisor.review.audit.chain import ChainCheck, Tell, check, told
from advisor.store import Store
from advisor.store.database import audit_trail
from advisor.store.database.sessions import Database, Transaction
from advisor.store.review import trail_checks

LISTED = 20
"""Faults of one kind that are named; the rest is counted."""


class ProofPart(NamedTuple):
    """One thing that was checked beside the chain."""

    found: str
    """What was checked, in a sentence."""
    faults: tuple[str, ...] = ()


class Proof(NamedTuple):
    """What was checked, and what is wrong."""

    chain: ChainCheck
    parts: tuple[ProofPart, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether everything fits."""
        return self.chain.fault is None and not any(part.faults for part in self.parts)


@dataclass(frozen=True)
class _Seen:
    """What the rows say, gathered while they are followed."""

    decisions: dict[str, TrailEntry]
    saved: set[tuple[str | None, int | None]]

    def note(self, rows: Iterator[TrailEntry | Unreadable]) -> Iterator[TrailEntry | Unreadable]:
        """Yield rows, and keep those that other tables must fit."""
        for row in rows:
            yield row
            if isinstance(row, Unreadable):
                continue
            if row.action == trail_checks.SAVED:
                self.saved.add((row.proposal, row.version))
            elif row.action in _ACTIONS and (made := decision_in(row)):
                self.decisions[made] = row


_ACTIONS = frozenset(Action)


def prove(store: Store, anchor: TrailHead | None = None, tell: Tell = lambda count: None) -> Proof:
    """Follow the trail of a database from its first row, and check all that must fit it.

    Args:
        store: The database.
        anchor: A head that was kept elsewhere; without it a cut tail is not seen.
        tell: Is told how many rows were followed.
    """
    guards, seen = _guards(store.database), _Seen({}, set())
    with store.trail.reading() as transaction:
        with audit_trail.rows_in(transaction) as rows:
            chain = check(seen.note(told(rows, tell)), anchor)
        if chain.fault:
            return Proof(chain, (guards,))
        return Proof(chain, (
            guards, _versions(transaction), _decisions(transaction, seen),
            _approvals(transaction, seen),
        ))  # fmt: skip


def _guards(database: Database) -> ProofPart:
    tried = {
        what: trail_checks.attempt(database, how) for what, how in trail_checks.ATTEMPTS.items()
    }
    faults = tuple(f"Triggers: {what} {why}" for what, why in tried.items() if why)
    return ProofPart(f"Triggers: {listing(tried)} are refused", faults)


def _versions(transaction: Transaction) -> ProofPart:
    """Hash every stored version anew and compare it with its row."""
    fit = older = 0
    faults = []
    for one in trail_checks.saved(transaction):
        older += one.said is None and not one.late
        fit += one.said == one.found
        if one.said is None and one.late:
            faults.append(f"Version {one.version} of {one.proposal} stands in no row")
        elif one.said not in {None, one.found}:
            faults.append(f"Version {one.version} of {one.proposal} is not what its row says")
    for proposal, version in trail_checks.lost(transaction):
        faults.append(f"Version {version} of {proposal} is gone")
    without = f"; {older:,} saved before there was a trail" if older else ""
    return ProofPart(f"Versions: {fit:,}, each as its row says{without}", _some(faults))


def _decisions(transaction: Transaction, seen: _Seen) -> ProofPart:
    """Compare every decision with its row."""
    left = dict(seen.decisions)
    faults, fit = [], 0
    for id, made in trail_checks.stored_decisions(transaction):
        wrong = _wrong(made, left.pop(id, None), seen)
        faults += [f"Decision {id} {wrong}"] if wrong else []
        fit += not wrong
    faults += [f"Decision {id} of row {row.seq:,} is gone" for id, row in left.items()]
    return ProofPart(f"Decisions: {fit:,}, each as its row says", _some(faults))


def _wrong(made: Decision | None, row: TrailEntry | None, seen: _Seen) -> str:
    """Return what is wrong with a decision; nothing if it fits."""
    if made is None:
        return "cannot be read"
    if row is not None:
        names = [*misfits(row, made)]
        return f"is not what row {row.seq:,} says: {listing(names)}" if names else ""
    edit = made.action is Action.EDIT and (made.proposal, made.version) in seen.saved
    return "" if edit else "stands in no row"


def _approvals(transaction: Transaction, seen: _Seen) -> ProofPart:
    """Compare the last day of every approval with the row of the decision that gave it."""
    ends = trail_checks.last_days(transaction)
    said = {
        id: str(until)
        for id, row in seen.decisions.items()
        if (until := detail_in(row).get("until"))
    }
    faults = [
        f"Approval of decision {id} {_end(ends.get(id))}, and its row says {said.get(id, 'none')}"
        for id in sorted(ends.keys() | said.keys())
        if str(ends.get(id)) != said.get(id)
    ]
    fit = len(ends.keys() | said.keys()) - len(faults)
    return ProofPart(f"Approvals: {fit:,}, each with the end that was given", _some(faults))


def _end(day: date | None) -> str:
    return f"ends after {day}" if day else "is not stored or has no end"


def _some(faults: list[str]) -> tuple[str, ...]:
    more = [f"and {len(faults) - LISTED:,} more like these"] if len(faults) > LISTED else []
    return (*faults[:LISTED], *more)
