"""What the rules of approval see of a proposal, and what they say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.domain.review import Standing, Subject
from advisor.errors import Problem
from advisor.proposal import Answer, Draft
from advisor.rules import Compiled, RuleBook, RuleOutcome, outcome
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.answers import filled, takes
from advisor.rules.schema.approval import TIERS, ReviewField, Stage, TierName, reaches
from advisor.triage.judge import forbids
from advisor.vocabulary import Remedy, combination

THRESHOLD = 1e23 / 3
"""Operations from which on whoever modifies a model counts as its provider, where the compute of
the original is unknown (EU guidelines on general-purpose models, July 2025)."""
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


def stated_compute(draft: Draft) -> float | None:
    """Return the operations of training that the form states; none while a figure is missing.

    Six times parameters times tokens seen (Kaplan and others 2020).
    """
    names = ("base_parameters", "training_tokens", "epochs")
    given = [draft.review.get(name) for name in names]
    numbers = [float(one) for one in given if isinstance(one, int | float)]
    if len(numbers) < len(names) or any(isinstance(one, bool) for one in given):
        return None
    billions, millions, epochs = numbers
    return 6 * billions * 1e9 * millions * 1e6 * epochs


def answers(
    about: Subject, where: Standing, stale: bool, book: RuleBook, approval: ApprovalRules
) -> dict[str, Answer]:
    """Return all that the rules of approval may ask for; what is not known is None."""
    given = {name: about.draft.answers.get(name) for name in book.questions}
    fields = {name: _seen(one, about.draft.review) for name, one in approval.fields.items()}
    return given | fields | _facts(about, where, stale, book, given)


def _seen(field: ReviewField, given: Mapping[str, Answer]) -> Answer:
    value = given.get(field.id)
    if field.type == "text":
        return filled(value)
    return value if takes(field.asked, value) else None


def _facts(
    about: Subject, where: Standing, stale: bool, book: RuleBook, given: Mapping[str, Answer]
) -> dict[str, Answer]:
    asked = combination(about.draft.requested) if about.draft.requested else ()
    advice = about.recommendation if about.assessed_version == about.version else None
    vetoed = any(veto.fires(given) and forbids(veto.record, asked) for veto in book.vetoes)
    compute = stated_compute(about.draft)
    return {
        "requests_fine_tuning": Remedy.FINE_TUNING in asked,
        "assessed": advice is not None,
        "against_advice": None if advice is None else Remedy.FINE_TUNING not in combination(advice),
        "request_vetoed": vetoed,
        "failures_given": about.failures,
        "modifier_share": None if compute is None else 100 * compute / THRESHOLD,
        "pilot_says": where.evidence.get("says", "none"),
        "pilot_over_limit": bool(where.evidence.get("over_limit", False)),
        "evidence_stale": stale,
    }


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


def _touched(
    rules: tuple[Compiled[Any], ...], given: Mapping[str, Answer]
) -> Iterator[tuple[Any, RuleOutcome]]:
    """Yield rules that fire, and those that wait: what is not known is not safe."""
    for rule in rules:
        found = outcome(rule, given)
        if found.state != _DOES_NOT:
            yield rule.record, found


def tier_of(
    approval: ApprovalRules, given: Mapping[str, Answer]
) -> tuple[TierName, tuple[str, ...]]:
    """Return the tier, and the titles of the rules that lifted it there."""
    raised = [record for record, _ in _touched(approval.raises, given)]
    place = max((TIERS.index(record.tier) for record in raised), default=0)
    tier = TIERS[place]
    return tier, tuple(record.title for record in raised if record.tier == tier)


def bars(approval: ApprovalRules, given: Mapping[str, Answer], stage: Stage) -> tuple[Bar, ...]:
    """Return the vetoes that stop a stage."""
    return tuple(
        Bar(one.id, one.title, one.because, one.instead, one.override, found.needs)
        for one, found in _touched(approval.vetoes, given)
        if stage in one.stops
    )


def missing(
    approval: ApprovalRules, draft: Draft, tier: TierName, stage: Stage
) -> tuple[ReviewField, ...]:
    """Return the fields that a tier needs for a stage and nobody filled in."""
    stages = ("submit", "adoption") if stage == "adoption" else ("submit",)
    return tuple(
        one
        for one in approval.fields.values()
        if one.needed_for in stages
        and reaches(tier, one.needed_from)
        and not filled(draft.review.get(one.id))
    )
