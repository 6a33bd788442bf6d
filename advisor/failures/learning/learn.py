"""Learn from corrections, try it on what was kept aside, and refuse what makes things worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from advisor.core.strict import Strict
from advisor.failures.features.registry import Array
from advisor.failures.head import shipped
from advisor.failures.learning.corrections import Corrections
from advisor.failures.learning.folds import folds, near_identical
from advisor.failures.learning.layer import Layer
from advisor.failures.probabilities import OF_CAUSE, logs_of, named_modes
from advisor.proposal import Failure
from advisor.vocabulary import Mode

LEAST = 10
"""Corrections of different failures below which nothing can be told apart from luck."""
MOST = 2_000
"""Corrections learned from; of more, the first ones given."""
LUCK = 0.02
"""Chance that as many became right by luck, above which they did not get better."""
MAY_FORGET = 0.04
"""Share of the guard that may be read wrong more often than before."""
SOME_MORE = "Corrections teach only where like failures are corrected alike."


class ReadingScore(Strict):
    """How well some failures are read."""

    causes: float
    """Share whose cause is right."""
    modes: float
    """Share whose mode is right."""
    log_loss: float
    """Mean negative log of the probability given to the right mode, in nats."""


class LearningFigures(Strict):
    """Before and after, on corrections that were kept aside and on the guard."""

    corrections: int
    different: int
    """Corrections of which no two are nearly the same."""
    before: ReadingScore
    after: ReadingScore
    became_right: int
    became_wrong: int
    guard: int
    guard_before: ReadingScore
    guard_after: ReadingScore


@dataclass(frozen=True)
class Lesson:
    """What an attempt to learn led to: a layer, or why not."""

    layer: Layer | None
    refused: str = ""
    """Why nothing was learned, in plain words."""
    figures: LearningFigures | None = None
    """None when there were too few corrections to try."""


def learn(said: Sequence[tuple[Failure, Mode]]) -> Lesson:
    """Learn what people said about failures; the same corrections teach the same.

    Args:
        said: one mode for each failure, the most important ones first.

    Raises:
        ModelError: the encoder or the trained head is missing or altered.
    """
    said = said[:MOST]
    group = near_identical([failure for failure, _ in said])
    if (missing := LEAST - len(set(group.tolist()))) > 0:
        return Lesson(None, _too_few(missing))
    data = Corrections.of(said, *shipped())
    with threadpool_limits(1):  # several threads take twenty times as long on a busy machine
        after, layer = data.kept_aside(folds(group)), data.layer()
    figures = _figures(data, after, layer, len(set(group.tolist())))
    refused = _no_better(figures) or _forgets(figures)
    return Lesson(None if refused else layer, refused, figures)


def _too_few(missing: int) -> str:
    more = "1 more failure" if missing == 1 else f"{missing} more failures"
    return (
        f"There are too few corrections to learn from. Correct {more}; "
        "those that are nearly the same count once."
    )


def _figures(data: Corrections, after: Array, layer: Layer, different: int) -> LearningFigures:
    right, now_right = named_modes(data.before) == data.modes, named_modes(after) == data.modes
    kept = data.guard.judged
    guard_after = layer.probabilities(kept.before, kept.inputs)
    return LearningFigures(
        corrections=len(data.modes),
        different=different,
        before=score(data.before, data.modes),
        after=score(after, data.modes),
        became_right=int((now_right & ~right).sum()),
        became_wrong=int((right & ~now_right).sum()),
        guard=len(kept.modes),
        guard_before=score(kept.before, kept.modes),
        guard_after=score(guard_after, kept.modes),
    )


def score(chances: Array, modes: NDArray[np.int64]) -> ReadingScore:
    """Return how well probabilities, shape (n, modes), meet `modes`, shape (n,)."""
    named = named_modes(chances)
    same_cause = OF_CAUSE[named].argmax(1) == OF_CAUSE[modes].argmax(1)
    loss = -logs_of(chances)[np.arange(len(modes)), modes]
    return ReadingScore(
        causes=round(float(same_cause.mean()), 4),
        modes=round(float((named == modes).mean()), 4),
        log_loss=round(float(loss.mean()), 4),
    )


def _no_better(figures: LearningFigures) -> str:
    luck = by_luck(figures.became_right, figures.became_wrong)
    if luck <= LUCK and figures.after.log_loss < figures.before.log_loss:
        return ""
    return (
        f"Learning would not help. Of {figures.corrections} corrections, each tried after learning "
        f"from others only, {figures.became_right} became right and {figures.became_wrong} became "
        f"wrong. {SOME_MORE}"
    )


def by_luck(became_right: int, became_wrong: int) -> float:
    """Return the chance that at least so many of the changed ones become right by tossing coins."""
    changed = became_right + became_wrong
    ways = sum(comb(changed, count) for count in range(became_right, changed + 1))
    return float(ways / 2**changed)


def _forgets(figures: LearningFigures) -> str:
    before, after = figures.guard_before, figures.guard_after
    lost = max(before.causes - after.causes, before.modes - after.modes)
    if lost <= MAY_FORGET:
        return ""
    return (
        "Learning this would cost too much of what the advisor knows: of "
        f"{figures.guard} examples that it ships with, it would read "
        f"{lost * figures.guard:.0f} more wrong than before; "
        f"at most {MAY_FORGET * figures.guard:.0f} may be lost. "
        "Look for corrections that contradict each other."
    )
