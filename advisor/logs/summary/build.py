"""The summary of a classified log: its figures, the groups of its sample, what would fix it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from advisor.logs.summary.mode_shares import Part, share
from advisor.logs.summary.sample import named
from advisor.logs.summary.summary_record import (
    CauseShare,
    LogExample,
    LogGroup,
    LogSummary,
    ModeShare,
    RemedyShare,
    SummaryProvenance,
)
from advisor.logs.summary.tally import MODES, PLACES, UNITS, Tally
from advisor.logs.summary.trend import trend
from advisor.vocabulary import CAUSE_OF, Cause, Mode, Remedy

if TYPE_CHECKING:
    from advisor.core.terminal import Tell
    from advisor.models.encoder import Encoder
    from advisor.triage.grouping.groups import FailureGroup


NAME = 200
LONGEST = 1_000
"""Characters of a group's name, and of what is said about it."""


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


def groups(
    sample: Sequence[LogExample], encoder: Encoder | None = None, tell: Tell | None = None
) -> tuple[LogGroup, ...]:
    """Group the sample; the share of a group holds for the whole log.

    Args:
        sample: Failures with ids of their own.
        encoder: Turns their texts into numbers; the one that is set, if none is given.
        tell: Told how far it is.
    """
    if not sample:
        return ()
    from advisor.models.encoder import load_encoder  # heavy: numpy
    from advisor.triage.grouping.groups import group  # heavy: rule_engine

    failures = [item.failure for item in sample]
    readings = [item.reading for item in sample]
    found = group(failures, readings, encoder or load_encoder(), tell)
    return tuple(_scaled(one, len(sample)) for one in found.groups)


def _scaled(found: FailureGroup, sample: int) -> LogGroup:
    return LogGroup(
        id=found.id,
        name=found.name[:NAME],
        common=found.common[:LONGEST],
        failures=len(found.ids),
        share=share(len(found.ids), sample),
        modes=dict(found.modes),
        example=found.example,
        remedy=found.remedy,
        why=found.why[:LONGEST],
    )


def remedies(mix: Mapping[Mode, float]) -> tuple[RemedyShare, ...]:
    """Return what each remedy alone is expected to fix of a mix of modes, by the rules' figures."""
    import numpy as np  # heavy: numpy

    from advisor.rules import load  # heavy: rule_engine
    from advisor.triage.value import figures  # heavy: rule_engine

    known = figures(load().remedies)
    chance = 1 / (1 + np.exp(-known.centre))
    fixed = chance @ np.array([mix[mode] for mode in Mode])
    return tuple(
        RemedyShare(
            remedy=remedy,
            fixed=round(min(float(part), 1.0), 4),
            overhead=round(float(overhead), 4),
        )
        for remedy, part, overhead in zip(Remedy, fixed, known.overhead, strict=True)
    )
