"""What a summary says, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from advisor.logs.summary.summary_record import (
    LogSummary,
    ModeShare,
    RemedyShare,
    Share,
    Trend,
    Unit,
)
from advisor.presentation import wording

UNITS: dict[Unit, str] = {"day": "day", "week": "week", "month": "month", "year": "year"}
FEW = 30
"""Failures below which a summary says that it rests on few."""
CLOSE = 0.03
"""Remedies whose worth differs by less are named together."""
MOSTLY = 0.5
NAMED = 3
"""Kinds that are named where none leads."""


def headline(summary: LogSummary) -> str:
    """Return the main finding: what goes wrong mostly, and why."""
    if not summary.failures:
        return "No failure could be read in this log."
    modes = [(wording.MODES[one.mode], one.share) for one in largest(summary)]
    causes = [(wording.CAUSES[one.cause], one.share) for one in summary.causes]
    often = "Mostly" if modes[0][1].mid >= MOSTLY else "Most often"
    what = _leading(modes, f"{often} {{}}", "No kind of failure leads clearly: {}")
    why = _leading(causes, "Main cause: {}", "No cause leads clearly: {}")
    return f"{what}. {why}."


def _leading(shares: Sequence[tuple[str, Share]], clear: str, close: str) -> str:
    """Name what has the largest share, or the first ones where they lie close."""
    ranked = sorted(shares, key=lambda pair: -pair[1].mid)
    (name, first), (_, second) = ranked[:2]
    if first.low >= second.mid:
        return clear.format(f"{name}, {wording.percent_range(first)}")
    near = [pair for pair in ranked if pair[1].mid > first.low][:NAMED]
    parts = [f"{name} ({wording.percent(share.mid)})" for name, share in near]
    return close.format(wording.listing(parts))


def largest(summary: LogSummary) -> list[ModeShare]:
    """Return the modes, largest share first."""
    return sorted(summary.modes, key=lambda one: (-one.share.mid, one.mode))


def best_remedies(summary: LogSummary) -> list[RemedyShare]:
    """Return the remedy that fixes most for what it costs, and those that lie close to it."""
    ranked = sorted(summary.remedies, key=_worth, reverse=True)
    return [one for one in ranked if _worth(ranked[0]) - _worth(one) < CLOSE]


def _worth(one: RemedyShare) -> float:
    return one.fixed - one.overhead


def remedy_words(summary: LogSummary) -> str:
    """Say what would help most of it."""
    best = best_remedies(summary)
    names = wording.listing((wording.REMEDIES[one.remedy] for one in best), "or")
    shares = wording.listing(wording.percent(one.fixed) for one in best)
    alone = "alone it would" if len(best) == 1 else "each alone would"
    return (
        f"{wording.start(names)} fits best: {alone} fix about {shares} of these failures, as far "
        "as a log can tell. Your answers about the task can change that."
    )


def sureness(summary: LogSummary) -> str:
    """Say how sure the figures are."""
    clear = summary.failures - summary.abstained
    words = (
        f"{wording.counted(summary.failures, 'failure')} read. The cause of {clear:,} of them "
        f"({wording.percent(clear / max(1, summary.failures))}) is sure enough to say it of each "
        "one; which kind of failure it is can be less sure. The ranges hold in 95 of 100 cases, "
        "and allow for a classifier that is somewhat off."
    )
    if summary.failures < FEW:
        words += " These are few failures, so the ranges are wide."
    return words


def trend_words(trend: Trend) -> str:
    """Say what changed most, and whether it is more than chance."""
    change = trend.change
    if change is None:
        return "There are too few failures with a date to say whether anything changed."
    name = wording.start(wording.MODES[change.mode])
    moved = (
        f"from {wording.percent(change.before)} before {day(change.since)} to "
        f"{wording.percent(change.after)} since"
    )
    if not change.real:
        return (
            "Nothing changed by more than chance explains, looking at every kind of failure. "
            f"The largest difference: {name.lower()}, {moved}."
        )
    near, far = sorted((abs(change.difference.low), abs(change.difference.high)))
    rose = "more" if change.difference.mid > 0 else "less"
    return (
        f"{name} changed most: {moved}. That is {near * 100:.0f} to {far * 100:.0f} points {rose}, "
        "and more than chance explains, looking at every kind of failure."
    )


def day(at: date) -> str:
    """Return `14 May 2026`."""
    return f"{at.day} {wording.MONTHS[at.month - 1]} {at.year}"


def rejected_words(summary: LogSummary) -> str:
    """Say what became of the rows; empty if every row was read."""
    about = summary.about
    other = about.rows - about.rejected - summary.failures
    parts = []
    if about.rejected:
        parts.append(f"{wording.counted(about.rejected, 'row')} could not be read")
    if other > 0:
        parts.append(f"{wording.counted(other, 'row')} held no failure")
    if not parts:
        return ""
    return f"Of {wording.counted(about.rows, 'row')}, {wording.listing(parts)}."
