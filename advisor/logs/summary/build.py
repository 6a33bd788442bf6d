"""The summary of a classified log: tally it in blocks, finish it, keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.logs.summary.mode_shares import Part, share
from advisor.logs.summary.sample import named
from advisor.logs.summary.sample_groups import groups, remedies
from advisor.logs.summary.summary_files import (
    delete_summary,
    load_summary,
    restore_summary,
    save_summary,
    saved_summaries,
)
from advisor.logs.summary.summary_record import CauseShare, LogSummary, ModeShare, SummaryProvenance
from advisor.logs.summary.tally import MODES, PLACES, UNITS, Tally
from advisor.logs.summary.trend import trend
from advisor.vocabulary import CAUSE_OF, Cause, Mode

if TYPE_CHECKING:
    from advisor.core.progress import Tell
    from advisor.models.encoder import Encoder

__all__ = [
    "SummaryProvenance",
    "LogSummary",
    "Tally",
    "delete_summary",
    "finish",
    "load_summary",
    "restore_summary",
    "save_summary",
    "saved_summaries",
    "without_groups",
]


def finish(
    tally: Tally, about: SummaryProvenance, encoder: Encoder | None = None, tell: Tell | None = None
) -> LogSummary:
    """Return the summary of a log.

    Args:
        tally: What was added of all its rows.
        about: Where it comes from.
        encoder: Groups the sample; the one that is set, if none is given.
        tell: Told how many failures are grouped.

    Raises:
        ModelError: the encoder is missing or altered.
    """
    summary = without_groups(tally, about)
    return summary.model_copy(update={"groups": groups(summary.sample, encoder, tell)})


def without_groups(tally: Tally, about: SummaryProvenance) -> LogSummary:
    """Return the summary of a log as far as it needs no encoder."""
    modes = tuple(_mode(tally, mode) for mode in MODES)
    return LogSummary(
        about=about,
        failures=tally.failures,
        abstained=sum(tally.unsure),
        undated=tally.failures - sum(line[0] for line in tally.dates.values()),
        modes=modes,
        causes=tuple(_cause(tally, cause) for cause in Cause),
        remedies=remedies({one.mode: one.share.mid for one in modes}),
        trend=trend(tally.dates, tally.level),
        clearest=named(tally.clearest()),
        sample=named(tally.sample()),
    )


def _mode(tally: Tally, mode: Mode) -> ModeShare:
    place = PLACES[mode]
    return ModeShare(
        mode=mode,
        share=share(tally.sums[place] / UNITS, tally.failures, _days(tally, [place])),
        read=tally.answered[place],
        unsure=tally.unsure[place],
    )


def _cause(tally: Tally, cause: Cause) -> CauseShare:
    places = [PLACES[mode] for mode in MODES if CAUSE_OF[mode] is cause]
    total = sum(tally.sums[place] for place in places) / UNITS
    return CauseShare(cause=cause, share=share(total, tally.failures, _days(tally, places)))


def _days(tally: Tally, places: list[int]) -> list[Part]:
    return [
        (line[0], sum(line[place + 1] for place in places) / UNITS) for line in tally.dates.values()
    ]
