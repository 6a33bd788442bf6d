"""The owner's form: what is asked, what is still missing, and how much is at stake so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.domain.lifecycle import Action, State
from advisor.domain.review import Decision
from advisor.errors import InputError, Problem
from advisor.review.decisions.review_view import ReviewView, view
from advisor.rules import Compiled, RuleBook
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.answers import filled
from advisor.rules.schema.approval import ReviewField, reaches
from advisor.rules.schema.rule_schema import Question
from advisor.store import Store

SECTIONS: Mapping[str, str] = {
    "problem": "The problem",
    "reasons": "Why fine-tuning",
    "data": "The data",
    "change": "What is trained",
    "success": "Success and stopping",
    "risk": "Risk",
    "declarations": "Declarations",
}
OPEN = frozenset({State.DRAFT, State.CHANGES})
"""Where a change costs nothing; elsewhere it takes back what stood."""


@dataclass(frozen=True)
class OwnerForm:
    """The form of one proposal as its owner sees it."""

    view: ReviewView
    sections: Mapping[str, tuple[ReviewField, ...]]
    """Fields by section, in the order of the rules."""
    needed: frozenset[str]
    """Fields without which it cannot be submitted, filled in or not."""
    later: frozenset[str]
    """Fields that only adoption needs."""
    missing: tuple[ReviewField, ...]
    """Of those needed, the ones without an answer."""
    questions: tuple[Question, ...]
    """Questions of the advisor without an answer, which decide how much is at stake."""
    waits: tuple[str, ...]
    """Titles of rules that lift the tier only because an answer is missing."""
    asked: Decision | None
    """What a reviewer asked to be changed, while that is open."""

    @property
    def done(self) -> int:
        """How many of the needed fields are filled in."""
        return len(self.needed) - len(self.missing)


def form(store: Store, book: RuleBook, id: str, person: str) -> OwnerForm:
    """Return the form of a proposal.

    Raises:
        NotFoundError: there is no such proposal.
        InputError: the rules say nothing about approvals.
    """
    approval = book.approval
    if approval is None:
        raise InputError(Problem("approval.yaml", "is missing", "Without it nothing is asked"))
    seen = view(store, id, book, person)
    given = seen.about.draft.review
    needed = _needed(approval, seen)
    return OwnerForm(
        view=seen,
        sections={
            name: tuple(field for field in approval.fields.values() if field.section == name)
            for name in SECTIONS
        },
        needed=needed,
        later=_of_tier(approval, seen, "adoption"),
        missing=tuple(
            field
            for field in approval.fields.values()
            if field.id in needed and not filled(given.get(field.id))
        ),
        questions=_questions(book, approval, seen),
        waits=_waits(book, approval, seen),
        asked=_asked(seen),
    )


def _needed(approval: ApprovalRules, seen: ReviewView) -> frozenset[str]:
    """Return what the tier needs, and what a veto that holds now asks for."""
    stops = {bar.id for bar in seen.bars if seen.stage == "submit" and not bar.needs}
    asks = (rule.needs for rule in approval.vetoes if rule.id in stops)
    told = frozenset[str]().union(*asks) & approval.fields.keys()
    given = seen.about.draft.review
    by_veto = {
        name
        for name in told
        if approval.fields[name].type == "text" and not filled(given.get(name))
    }
    said = {
        field.id
        for field in approval.fields.values()
        if not field.needed_from and filled(given.get(field.id))
    }
    return _of_tier(approval, seen, "submit") | by_veto | said


def _of_tier(approval: ApprovalRules, seen: ReviewView, stage: str) -> frozenset[str]:
    return frozenset(
        field.id
        for field in approval.fields.values()
        if field.needed_for == stage and reaches(seen.tier.id, field.needed_from)
    )


def _questions(book: RuleBook, approval: ApprovalRules, seen: ReviewView) -> tuple[Question, ...]:
    """Return the questions that rules of approval wait for."""
    rules: tuple[Compiled[Any], ...] = (*approval.raises, *approval.vetoes)
    needs = frozenset[str]().union(*(rule.needs for rule in rules))
    given = seen.about.draft.answers
    return tuple(
        one for name, one in book.questions.items() if name in needs and given.get(name) is None
    )


def _waits(book: RuleBook, approval: ApprovalRules, seen: ReviewView) -> tuple[str, ...]:
    """Return what counts as true only because nobody said that it is not."""
    given = seen.about.draft
    unknown = {name for name in approval.fields if not filled(given.review.get(name))}
    unknown |= {name for name in book.questions if given.answers.get(name) is None}
    unknown |= {"modifier_share"} if seen.modifier_share is None else set()
    return tuple(
        rule.record.title
        for rule in approval.raises
        if rule.record.title in seen.tier_because and rule.needs & unknown
    )


def _asked(seen: ReviewView) -> Decision | None:
    if seen.state is not State.CHANGES:
        return None
    asked = (made for made in reversed(seen.history) if made.action is Action.REQUEST_CHANGES)
    return next(asked, None)
