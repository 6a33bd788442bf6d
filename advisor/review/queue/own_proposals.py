"""What one person wrote: where it stands in plain words, and what is asked of them by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from advisor.domain.lifecycle import Action, State
from advisor.domain.review import last_moment
from advisor.domain.review_queue import SOON
from advisor.store import Store, Transaction
from advisor.store.database.statements import now
from advisor.store.review import own_proposals
from advisor.store.review.decisions import open_conditions
from advisor.store.review.own_proposals import OwnProposal

ROWS = 20
"""Proposals on one page."""


@dataclass(frozen=True)
class OwnTask:
    """One thing that is asked of a person."""

    proposal: str
    title: str
    what: str
    """Sentences of ours."""
    said: str
    """What somebody wrote about it."""
    by: date | None
    screen: str
    """Where it is done."""
    label: str
    """What the link to it says."""


@dataclass(frozen=True)
class OwnTasks:
    """What one person wrote."""

    tasks: tuple[OwnTask, ...]
    """What is due first comes first, then what has no date."""
    rows: tuple[OwnProposal, ...]
    total: int
    today: date


@dataclass(frozen=True)
class _Known:
    """What tasks are made of."""

    at: datetime
    reasons: Mapping[str, str]
    """Why changes were asked for, by proposal."""
    pilots: Mapping[str, list[tuple[str, datetime]]] = field(default_factory=dict)

    def pilot(self, one: OwnProposal) -> str:
        """Return the state of the last pilot under the approval that runs; empty without one."""
        since = one.granted or self.at
        states = [state for state, at in self.pilots.get(one.proposal, ()) if at >= since]
        return "done" if "done" in states else (states[-1] if states else "")


@dataclass(frozen=True)
class _TaskKind:
    """One kind of thing that is asked, and of which proposals."""

    state: State
    what: str
    screen: str
    label: str
    when: Callable[[OwnProposal, _Known], bool] = lambda one, known: True
    dated: bool = False
    """By the last day of its approval."""


_OVER = frozenset({"", "failed", "cancelled"})
"""States of a pilot after which another one is needed."""
_ASKS = (
    _TaskKind(
        State.CHANGES,
        "Changes are asked for. Make them, then hand it in again.",
        "review_form",
        "Make the changes",
    ),
    _TaskKind(
        State.PILOT,
        "The pilot has a result. Somebody with the role runner hands it in.",
        "dossier",
        "Open the dossier",
        lambda one, known: known.pilot(one) == "done",
        dated=True,
    ),
    _TaskKind(
        State.PILOT,
        "The pilot is approved. Run it.",
        "pilot_new",
        "Start the pilot",
        lambda one, known: known.pilot(one) in _OVER,
        dated=True,
    ),
    _TaskKind(
        State.APPROVED,
        "The approval ends soon. To go on, save a new version and hand it in.",
        "review_form",
        "Renew it",
        lambda one, known: one.ends is not None and one.ends <= known.at + SOON,
        dated=True,
    ),
    _TaskKind(
        State.DRAFT,
        "It was changed after it was handed in, so nothing stands for it. Hand it in again.",
        "review_form",
        "Hand it in",
    ),
    _TaskKind(
        State.EXPIRED,
        "The approval is over, so nothing may be trained or used. Hand in a new version to go on.",
        "review_form",
        "Renew it",
    ),
)
"""The first that fits counts."""


def own_tasks(store: Store, person: str, page: int = 1) -> OwnTasks:
    """Return what a person wrote and what is asked of them."""
    at = now()
    with store.database.read() as transaction:
        rows, total = own_proposals.own(transaction, person, (max(page, 1) - 1) * ROWS, ROWS)
        tasks = [*_conditions(transaction, person), *_tasks(transaction, person, at)]
    ordered = sorted(tasks, key=lambda one: (one.by or date.max, one.title, one.what))
    return OwnTasks(tuple(ordered), rows, total, at.date())


def _tasks(transaction: Transaction, person: str, at: datetime) -> list[OwnTask]:
    states = {ask.state for ask in _ASKS} - {State.APPROVED}
    found = own_proposals.asking(transaction, person, states, at + SOON)
    changes = [one.proposal for one in found if one.state is State.CHANGES]
    piloted = [one.proposal for one in found if one.state is State.PILOT]
    reasons = own_proposals.last_words(transaction, changes, Action.REQUEST_CHANGES)
    known = _Known(at, reasons, own_proposals.pilots(transaction, piloted))
    return [task for one in found if (task := _task(one, known))]


def _task(one: OwnProposal, known: _Known) -> OwnTask | None:
    asks = (ask for ask in _ASKS if ask.state is one.state and ask.when(one, known))
    ask = next(asks, None)
    if ask is None:
        return None
    by = last_moment(one.ends).date() if ask.dated and one.ends else None
    said = known.reasons.get(one.proposal, "") if one.state is State.CHANGES else ""
    return OwnTask(one.proposal, one.title, ask.what, said, by, ask.screen, ask.label)


def _conditions(transaction: Transaction, person: str) -> list[OwnTask]:
    terms, _ = open_conditions(transaction, person)
    what = "A condition of the approval is yours. A reviewer marks it as met."
    return [
        OwnTask(term.proposal, term.title, what, term.what, term.due, "dossier", "Open the dossier")
        for term in terms
    ]
