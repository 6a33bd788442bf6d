"""What the sample of a log adds to its figures: groups, and what each remedy would fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from advisor.logs.summary.mode_shares import share
from advisor.logs.summary.summary_record import LogExample, LogGroup, RemedyShare
from advisor.vocabulary import Mode, Remedy

if TYPE_CHECKING:
    from advisor.core.progress import Tell
    from advisor.models.encoder import Encoder
    from advisor.triage.grouping.groups import FailureGroup

NAME = 200
LONGEST = 1_000
"""Characters of a group's name, and of what is said about it."""


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
