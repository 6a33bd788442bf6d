"""What the rules say about one version: each is asked once, and the answer is passed along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from advisor.errors import Problem
from advisor.proposal import Answer, Draft
from advisor.rules import Compiled, RuleBook, RuleOutcome, outcome
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.answers import filled
from advisor.rules.schema.approval import (
    TIERS,
    ApprovalVeto,
    ReviewField,
    Stage,
    Tier,
    TierRule,
    reaches,
)

_DOES_NOT = "does not fire"
_ASKS = {
    "modifier_share": "How much computing does the training take?",
    "against_advice": "What does the advisor recommend?",
}
"""What is worked out and can be unknown, as a question."""


def ask_of(name: str, book: RuleBook) -> str:
    """Return what a rule of approval waits for as the question that people see."""
    fields = book.approval.fields if book.approval else {}
    asked = fields.get(name) or book.questions.get(name)
    return asked.ask if asked else _ASKS.get(name, name.replace("_", " "))


@dataclass(frozen=True)
class Bar:
    """A veto of approval that holds, or that waits for an answer."""

    id: str
    title: str
    because: str
    instead: str
    override: bool
    needs: tuple[str, ...] = ()

    @property
    def problem(self) -> Problem:
        """The same as something to mend."""
        waits = f"{self.title}? Not known: {', '.join(self.needs)}" if self.needs else self.title
        return Problem(f"veto {self.id}", waits, self.instead)


@dataclass(frozen=True)
class Judgement:
    """What the rules in force say on one set of answers; what nobody asks for is not worked out."""

    book: RuleBook
    approval: ApprovalRules
    draft: Draft
    given: Mapping[str, Answer]
    """What the rules of approval see."""

    @cached_property
    def tier(self) -> Tier:
        """How much is at stake: the highest tier to which a rule lifts it."""
        place = max((TIERS.index(record.tier) for record, _ in self._raised), default=0)
        return self.approval.tiers[TIERS[place]]

    @cached_property
    def tier_because(self) -> tuple[str, ...]:
        """The titles of the rules that lifted it to this tier."""
        return tuple(record.title for record, _ in self._raised if record.tier == self.tier.id)

    def bars(self, stage: Stage) -> tuple[Bar, ...]:
        """Return the vetoes that stop a stage."""
        return tuple(
            Bar(veto.id, veto.title, veto.because, veto.instead, veto.override, said.needs)
            for veto, said in self._vetoes
            if stage in veto.stops
        )

    def missing(self, stage: Stage) -> tuple[ReviewField, ...]:
        """Return the fields that this tier needs for a stage and nobody filled in."""
        stages = ("submit", "adoption") if stage == "adoption" else ("submit",)
        return tuple(
            field
            for field in self.approval.fields.values()
            if field.needed_for in stages
            and reaches(self.tier.id, field.needed_from)
            and not filled(self.draft.review.get(field.id))
        )

    def fired(self) -> Iterator[str]:
        """Yield the ids of all rules that fire, those of triage too."""
        rules: tuple[Compiled[Any], ...] = (*self.book.evidence, *self.book.vetoes)
        for rule in rules:
            if rule.fires(self.given):
                yield rule.id
        for record, said in (*self._raised, *self._vetoes):
            if said.state == "fires":
                yield record.id

    @cached_property
    def _raised(self) -> tuple[tuple[TierRule, RuleOutcome], ...]:
        return tuple(_touched(self.approval.raises, self.given))

    @cached_property
    def _vetoes(self) -> tuple[tuple[ApprovalVeto, RuleOutcome], ...]:
        return tuple(_touched(self.approval.vetoes, self.given))


def _touched(
    rules: tuple[Compiled[Any], ...], given: Mapping[str, Answer]
) -> Iterator[tuple[Any, RuleOutcome]]:
    """Yield rules that fire, and those that wait: what is not known is not safe."""
    for rule in rules:
        said = outcome(rule, given)
        if said.state != _DOES_NOT:
            yield rule.record, said
