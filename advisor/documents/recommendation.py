"""One recommendation as one typed record, the answer first."""

from __future__ import annotations

from datetime import datetime

from advisor import __version__
from advisor.documents import appendix, argument
from advisor.documents.record import Fact, Record, shorten
from advisor.domain.assessment import Assessment
from advisor.presentation import wording
from advisor.proposal import Draft
from advisor.rules import RuleBook

_SECTIONS = (
    argument.request,
    argument.causes,
    argument.remedies,
    argument.reasons,
    argument.vetoes,
    argument.against,
    appendix.unknown,
    appendix.flips,
    appendix.failures,
    appendix.plan,
    appendix.proposal,
)
"""What a document says, in the order in which it says it."""


def build(draft: Draft, assessment: Assessment, book: RuleBook, at: datetime) -> Record:
    """Return the record of `assessment`.

    Args:
        draft: What the user gave.
        assessment: What triage made of it.
        book: Names and meanings.
        at: Date of the document, with its zone.

    Raises:
        ValueError: when `at` has no zone.
    """
    return Record(
        kind="Best guess" if assessment.abstained else "Recommendation",
        abstained=assessment.abstained,
        title=shorten(draft.title, 200) or "A proposal without a title",
        date=wording.moment(at),
        headline=assessment.headline,
        verdict=_verdict(assessment),
        facts=_facts(assessment),
        sections=tuple(section(draft, assessment, book) for section in _SECTIONS),
        origin=_origin(assessment),
    )


def _verdict(assessment: Assessment) -> str:
    firm = wording.verdict(
        assessment.confidence, assessment.abstained, assessment.recommendation, assessment.other
    )
    return f"{firm}. {wording.trials(assessment.confidence)}"


def _facts(assessment: Assessment) -> tuple[Fact, ...]:
    best = (o for o in assessment.ranking if o.remedies == assessment.recommendation)
    kind = "Best guess" if assessment.abstained else "Recommended"
    words = wording.start(wording.combination_words(assessment.recommendation, assessment.other))
    facts = [Fact(name=kind, value=words)]
    for option in best:
        facts += [
            Fact(name="Would fix", value=wording.percent_range(option.expected_fixed)),
            Fact(name="To build", value=wording.days(option.build_days)),
            Fact(name="To keep", value=wording.days_a_month(option.keep_days_per_month)),
        ]
    return tuple(facts)


def _origin(assessment: Assessment) -> tuple[Fact, ...]:
    prints = assessment.fingerprints
    return (
        Fact(name="Proposal", value=prints.proposal),
        Fact(name="Rules", value=prints.rules),
        Fact(name="Classifier", value=f"{assessment.classifier}, {prints.classifier}"),
        Fact(name="Advisor", value=f"version {__version__}"),
    )
