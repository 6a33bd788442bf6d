"""A pilot, or a comparison of results brought along, as one typed record: the answer first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from advisor import __version__
from advisor.documents.record import (
    Bullets,
    Fact,
    Figure,
    Note,
    Record,
    RecordTable,
    Section,
    TableRow,
    shorten,
)
from advisor.domain.cases import Case
from advisor.domain.comparison import Comparison, VerdictOutcome
from advisor.domain.pilot_result import PilotResult
from advisor.pilot.comparing.comparison_words import SHARES, contrast_words, verdict_title
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.pilot.reporting import pilot_charts, sections
from advisor.presentation import wording
from advisor.presentation.arm_titles import arm_title, arm_words
from advisor.presentation.chart_parts import svg

_FROZEN = "The thresholds were fixed, with the hash above, before the first answer was scored."
_BROUGHT = "Scores were brought along; the advisor compared them and ran nothing."


@dataclass(frozen=True)
class ReportSubject:
    """What a report is about; `result` is missing where results were brought along."""

    title: str
    comparison: Comparison
    result: PilotResult | None = None
    cases: tuple[Case, ...] = ()
    """The held-out cases, for the outputs side by side."""
    words: ScoreWords = SHARES
    """How scores are written."""

    @classmethod
    def of(cls, result: PilotResult, cases: tuple[Case, ...] = ()) -> ReportSubject:
        """Report a pilot."""
        return cls(result.spec.title, result.comparison, result, cases)


def build(about: ReportSubject, at: datetime) -> Record:
    """Return the record of a report.

    Args:
        about: what to report.
        at: date of the document, with its zone.
    """
    verdict = about.comparison.verdict
    return Record(
        kind="Pilot" if about.result else "Comparison",
        abstained=verdict.outcome is VerdictOutcome.INCONCLUSIVE,
        title=shorten(about.title, 200),
        date=wording.moment(about.result.finished if about.result else at),
        headline=f"{verdict_title(verdict)}. {verdict.because}",
        verdict=f"Next: {verdict.next}",
        facts=tuple(_facts(about.comparison, about.words)),
        sections=tuple(_sections(about)),
        origin=tuple(_origin(about)),
        closing=_FROZEN if about.result else _BROUGHT,
    )


def _facts(comparison: Comparison, words: ScoreWords) -> Iterator[Fact]:
    verdict = comparison.verdict
    known = {arm.name: arm for arm in comparison.arms if arm.score is not None}
    if verdict.recommended in known:
        score = known[verdict.recommended].score or 0.0
        yield Fact(name=arm_title(verdict.recommended), value=words.score(score))
    if verdict.best and verdict.best.arm != verdict.recommended:
        name = f"Best: {arm_words(verdict.best.arm)}"
        yield Fact(name=name, value=words.score(verdict.best.score))
    yield Fact(name="Margin that matters", value=words.amount(verdict.margin))
    yield Fact(name="Held-out cases", value=f"{max((arm.n for arm in comparison.arms), default=0)}")


def _sections(about: ReportSubject) -> Iterator[Section]:
    yield _scores(about.comparison, about.words)
    if about.comparison.comparisons:
        yield _differences(about.comparison, about.words)
    if about.comparison.verdict.notes:
        notes = Bullets(items=about.comparison.verdict.notes)
        yield Section(id="bear", heading="To bear in mind", blocks=(notes,))
    if about.result:
        yield from sections.all_of(about.result, about.cases)


def _scores(comparison: Comparison, words: ScoreWords) -> Section:
    figure = Figure(
        svg=svg(pilot_charts.scores(comparison, words)),
        alt=pilot_charts.scores_alt(comparison, words),
        caption="Dot: score. Line: the range that holds in 95 of 100 repetitions with other cases.",
    )
    rows = [
        TableRow(
            cells=(
                arm_title(arm.name),
                "did not run" if arm.score is None else words.score(arm.score),
                ""
                if arm.low is None
                else f"{words.score(arm.low)} to {words.score(arm.high or 0)}",
                f"{arm.n:,}",
            ),
            mark="best" if arm.name == comparison.verdict.recommended else "",
        )
        for arm in comparison.arms
    ]
    head = ("Way of solving it", "Score", "Range", "Cases")
    table = RecordTable(head=head, rows=tuple(rows))
    return Section(id="scores", heading="How well each did", blocks=(figure, table))


def _differences(comparison: Comparison, words: ScoreWords) -> Section:
    figure = Figure(
        svg=svg(pilot_charts.differences(comparison, words)),
        alt=pilot_charts.differences_alt(comparison, words),
        caption="Each pair on the same cases. Grey: differences too small to matter. The first "
        "pair was planned; the others are corrected for being several.",
    )
    open_ = [
        f"{contrast_words(contrast).split(':')[0]}: about "
        f"{wording.counted(contrast.cases_needed, 'case')} in all would settle it"
        + (
            f"; as many again do so with a chance of {wording.percent(chance)}."
            if (chance := contrast.chance_that_doubling_settles) is not None
            else "."
        )
        for contrast in comparison.comparisons
        if contrast.cases_needed
    ]
    more = (Note(text="What is not settled yet:"), Bullets(items=tuple(open_))) if open_ else ()
    return Section(id="differences", heading="Pair by pair", blocks=(figure, *more))


def _origin(about: ReportSubject) -> Iterator[Fact]:
    if about.result:
        yield Fact(name="Hash of the specification", value=about.result.hash)
        for name, value in sorted(about.result.environment.items()):
            yield Fact(name=name, value=value)
    yield Fact(name="Advisor", value=f"version {__version__}")
