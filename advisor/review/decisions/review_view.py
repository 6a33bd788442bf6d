"""What screens and tools show of a proposal under review, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from advisor.domain.lifecycle import VOTES, Move, State, buttons
from advisor.domain.review import Decision, Lease, Standing, Subject, votes
from advisor.review.decisions import move_rights
from advisor.review.decisions.approval_facts import stated_compute
from advisor.review.decisions.approving import asked, stage_of
from advisor.review.decisions.judgement import Bar
from advisor.review.decisions.leases import last_day
from advisor.review.decisions.review_case import ReviewCase, read_case
from advisor.rules import RuleBook
from advisor.rules.schema.approval import CheckItem, ReviewField, Stage, Tier
from advisor.store import Store
from advisor.store.people import people
from advisor.store.review import decisions

_STAGES: Mapping[State, Stage] = {
    State.SUBMITTED: "pilot",
    State.PILOT: "adoption",
    State.EVALUATED: "adoption",
    State.APPROVED: "adoption",
}
"""What is decided next; from every other state it has to be submitted first."""


@dataclass(frozen=True)
class Button:
    """One thing a person may do here."""

    move: Move
    hindrance: str
    """Why not, although they hold the role; nothing if they may."""
    last_day: date | None = None
    """The last day that an approval may have; prefilled except for an override."""


@dataclass(frozen=True)
class ReviewView:
    """Where a proposal stands, what speaks against it, and what one person may do."""

    about: Subject
    where: Standing
    state: State
    """Reckons with time and triggers, which `where` does not."""
    over: str
    """Why the approval it stands on is over."""
    lease: Lease | None
    triggered: tuple[str, ...]
    tier: Tier
    tier_because: tuple[str, ...]
    stage: Stage
    """What is decided next."""
    bars: tuple[Bar, ...]
    """Vetoes that stop this stage."""
    missing: tuple[ReviewField, ...]
    """Fields that this stage needs."""
    checklist: Mapping[str, CheckItem]
    agreed: tuple[Decision, ...]
    """Votes for this stage so far; `tier.people(stage)` are needed."""
    history: tuple[Decision, ...]
    """All decisions about all versions, the oldest first."""
    buttons: tuple[Button, ...]
    compute: float | None
    """Operations of training that the form states."""
    modifier_share: float | None
    """Percent of the threshold from which on a modifier counts as provider."""
    names: Mapping[str, str]
    """Names of everybody who decided or must do something, by id."""


def view(store: Store, id: str, book: RuleBook, person: str = "") -> ReviewView:
    """Return all that a screen shows of a proposal to a person.

    Raises:
        NotFoundError: there is no such proposal.
        InputError: the rules say nothing about approvals.
    """
    with store.database.read() as transaction:
        case = read_case(transaction, id, book)
        return _view(case, decisions.about(transaction, id), person)


def _view(case: ReviewCase, history: tuple[Decision, ...], person: str) -> ReviewView:
    stage = _STAGES.get(case.state, "submit")
    held = people.roles_of(case.transaction, person, hold=False)
    share = case.judged.given["modifier_share"]
    return ReviewView(
        about=case.about,
        where=case.where,
        state=case.state,
        over=case.over,
        lease=case.lease,
        triggered=case.triggered,
        tier=case.tier,
        tier_because=case.judged.tier_because,
        stage=stage,
        bars=case.judged.bars(stage),
        missing=case.judged.missing(stage),
        checklist=asked(case, stage),
        agreed=votes(case.decided, case.state),
        history=history,
        buttons=tuple(_button(case, move, person) for move in buttons(case.state, held)),
        compute=stated_compute(case.about.draft),
        modifier_share=float(share) if isinstance(share, int | float) else None,
        names=people.names(case.transaction, _named(history)),
    )


def _button(case: ReviewCase, move: Move, person: str) -> Button:
    hindrance = move_rights.hindrance(case, move, person)
    if move.action not in VOTES:
        return Button(move, hindrance)
    day = last_day(move.action, stage_of(move), case.tier, case.at.date())
    return Button(move, hindrance, day)


def _named(history: tuple[Decision, ...]) -> set[str]:
    owners = {term.owner for made in history for term in made.conditions}
    return owners | {made.actor for made in history}
