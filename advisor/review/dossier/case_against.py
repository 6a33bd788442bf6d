"""The case against what is asked for: it is read first, so that nobody only nods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.domain.assessment import Assessment, EvidenceItem
from advisor.domain.review import set_aside
from advisor.pilot.probing.probe_records import ProbeResult
from advisor.presentation.flips import changes
from advisor.presentation.wording import (
    combination_words,
    days,
    percent_range,
    request_words,
    start,
    trials,
    verdict,
)
from advisor.review.decisions.review_view import ReviewView
from advisor.review.dossier.dossier_record import (
    CaseAgainst,
    DossierAdvice,
    FailureModeShare,
    Gap,
    Trial,
)
from advisor.rules import RuleBook
from advisor.vocabulary import CAUSE_OF, Cause, Combination, Remedy, combination

MENDS: Mapping[Remedy, frozenset[Cause]] = {
    Remedy.PROMPTING: frozenset({Cause.SPECIFICATION, Cause.BEHAVIOUR}),
    Remedy.RETRIEVAL: frozenset({Cause.KNOWLEDGE}),
    Remedy.FINE_TUNING: frozenset({Cause.BEHAVIOUR, Cause.OPERATIONS}),
    Remedy.OTHER: frozenset({Cause.CAPABILITY, Cause.OPERATIONS}),
}
"""The causes that a remedy is for; a reason for another cause points elsewhere."""


def against(view: ReviewView, result: Assessment, book: RuleBook) -> CaseAgainst:
    """Return what speaks against approving what is asked for now."""
    asked = combination(result.requested) if result.requested else ()
    found = changes(result, book)
    return CaseAgainst(
        bars=view.bars,
        set_aside=set_aside(view.agreed),
        missing=view.missing,
        vetoes=tuple(veto for veto in result.vetoes if veto.forbids in asked),
        elsewhere=tuple(item for item in _heaviest(result) if _points_elsewhere(item, asked)),
        rather=_rather(result),
        doubts=result.case_against if result.requested == result.recommendation else (),
        flips=tuple(one for one in found if one.now),
        open=tuple(one for one in found if not one.now),
        unknown=tuple(book.questions[name].ask for name in result.unknown),
    )


def _rather(result: Assessment) -> str:
    """Set what is recommended beside what is asked for; nothing where they are the same."""
    sides = (result.recommendation, result.requested)
    best, asked = (
        next((way for way in result.ranking if way.remedies == name), None) for name in sides
    )
    if best is None or asked is None or best is asked:
        return ""
    return (
        f"{start(combination_words(best.remedies, result.other))} should fix "
        f"{percent_range(best.expected_fixed)} of the failures and takes {days(best.build_days)}; "
        f"{combination_words(asked.remedies, result.other)} "
        f"{percent_range(asked.expected_fixed)} and {days(asked.build_days)}."
    )


def _heaviest(result: Assessment) -> list[EvidenceItem]:
    counted = [item for item in result.evidence if item.counted]
    return sorted(counted, key=lambda item: (-abs(item.weight), item.id))


def _points_elsewhere(item: EvidenceItem, asked: Combination) -> bool:
    if item.remedy is not None:
        return (item.remedy in asked) is (item.weight < 0)
    cause = item.cause or (CAUSE_OF[item.mode] if item.mode else None)
    mended = frozenset[Cause]().union(*(MENDS[remedy] for remedy in asked))
    return (cause in mended) is (item.weight < 0)


def advice(view: ReviewView, result: Assessment) -> DossierAdvice:
    """Return the recommendation against the request, with the owner's reason."""
    firm = verdict(result.confidence, result.abstained, result.recommendation, result.other)
    vetoed = [veto.forbids for veto in result.vetoes]
    return DossierAdvice(
        recommendation=result.recommendation,
        headline=result.headline,
        firm=f"{firm}. {trials(result.confidence)}",
        request=request_words(result.requested, result.recommendation, vetoed, result.other),
        agrees=Remedy.FINE_TUNING in combination(result.recommendation),
        reason=str(view.about.draft.review.get("reason_against_advice") or "").strip(),
    )


_ADOPTION = "adoption, unless the risk role overrides"


def gaps(
    found: tuple[FailureModeShare, ...], probe: ProbeResult | None, trial: Trial | None
) -> Iterator[Gap]:
    """Yield what has no result yet."""
    if not found:
        yield Gap("No failure is shown", "the pilot, unless the risk role overrides")
    if probe is None:
        yield Gap(
            "No probe was run",
            "nothing; but why it fails rests on reading the failures alone",
        )
    if trial is None:
        yield Gap("No pilot has a result yet", _ADOPTION)
    else:
        yield from _of(trial)
    yield Gap(
        "The training data has no check of its own yet",
        "nothing by itself; rights, personal data and labels rest on the owner's word",
    )


def _of(trial: Trial) -> Iterator[Gap]:
    if not trial.handed_in:
        yield Gap("The pilot's result is not handed in for this version", _ADOPTION)
    if trial.tuned is None:
        yield Gap("The pilot did not try fine-tuning", _ADOPTION)
        return
    if not trial.regressions:
        yield Gap(
            "Other skills and refusals after training were not checked",
            "a plain yes to that question of the checklist for adoption",
        )
    if trial.worst is None:
        yield Gap(
            "The pilot's cases name no groups",
            "a plain yes to the question about the worst group, from tier medium on",
        )
