"""What several parts of one run took, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.domain.pilot_result import Loss, Usage

_SUMMED = ("tokens_in", "tokens_out", "answering_seconds")
"""What each part adds to; of the rest the most counts, as training goes on from its checkpoint and
counts what it did before."""


def joined(usages: Iterable[Usage]) -> Usage:
    """Return what several parts of one run took together."""
    parts = tuple(usages)
    if not parts:
        return Usage()
    return Usage(**{
        name: (sum if name in _SUMMED else max)(getattr(part, name) for part in parts)
        for name in Usage.model_fields
    })


def joined_losses(earlier: Sequence[Loss], later: Sequence[Loss]) -> tuple[Loss, ...]:
    """Return the losses of a run that went on; steps that were done again count once."""
    first = later[0].step if later else None
    return (*(one for one in earlier if first is None or one.step < first), *later)
