"""What the rules of approval see of a proposal."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.review import Standing, Subject
from advisor.proposal import Answer, Draft
from advisor.rules import RuleBook
from advisor.rules.book import ApprovalRules
from advisor.rules.schema.answers import filled, takes
from advisor.rules.schema.approval import ReviewField
from advisor.triage.judge import forbids
from advisor.vocabulary import Remedy, combination

THRESHOLD = 1e23 / 3
"""Operations from which on whoever modifies a model counts as its provider, where the compute of
the original is unknown (EU guidelines on general-purpose models, July 2025)."""


def stated_compute(draft: Draft) -> float | None:
    """Return the operations of training that the form states; none while a figure is missing.

    Six times parameters times tokens seen (Kaplan and others 2020).
    """
    names = ("base_parameters", "training_tokens", "epochs")
    given = [draft.review.get(name) for name in names]
    numbers = [float(value) for value in given if isinstance(value, int | float)]
    if len(numbers) < len(names) or any(isinstance(value, bool) for value in given):
        return None
    billions, millions, epochs = numbers
    return 6 * billions * 1e9 * millions * 1e6 * epochs


def answers(
    about: Subject, where: Standing, stale: bool, book: RuleBook, approval: ApprovalRules
) -> dict[str, Answer]:
    """Return all that the rules of approval may ask for; what is not known is None."""
    given = {name: about.draft.answers.get(name) for name in book.questions}
    fields = {name: _seen(field, about.draft.review) for name, field in approval.fields.items()}
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
