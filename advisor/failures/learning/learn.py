"""Learn from corrections, try it on what was kept aside, and refuse what makes things worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import comb

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from advisor.core.strict import Strict, digest
from advisor.errors import ModelError
from advisor.failures.classifier import Classifier
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES
from advisor.failures.head import Array, ClassifierHead, Evidence, evidence
from advisor.failures.learning.folds import FOLDS, folds, groups
from advisor.failures.learning.guard import Guard, guard, shipped
from advisor.failures.learning.layer import Layer, as_stored, directions, slopes
from advisor.failures.probabilities import logs_of
from advisor.failures.training.train_head import OF_CAUSE
from advisor.models.encoder import Encoder
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
    group = groups([failure for failure, _ in said])
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


@dataclass(frozen=True)
class Corrections:
    """Corrections ready for fitting."""

    inputs: Array
    """Scaled, shape (n, inputs)."""
    directions: Array
    """The main ones of all inputs, shape (inputs, columns)."""
    before: Array
    """The head's probabilities, shape (n, modes)."""
    modes: NDArray[np.int64]
    guard: Guard
    base: str

    @classmethod
    def of(
        cls, said: Sequence[tuple[Failure, Mode]], encoder: Encoder, head: ClassifierHead
    ) -> Corrections:
        """Work out what the head looks at."""
        seen = evidence([FailureCase.of(failure) for failure, _ in said], encoder)
        kept = guard(encoder, head)
        modes = np.array([MODES.index(mode) for _, mode in said], np.int64)
        inputs, before = kept.scale.inputs(seen), head.probabilities(seen)
        return cls(inputs, directions(inputs), before, modes, kept, head.fingerprint)

    def layer(self, rows: NDArray[np.bool_] | slice = slice(None)) -> Layer:
        """Fit a layer to some of the corrections."""
        anchors = self.guard.anchors
        inputs = np.vstack([self.inputs[rows], anchors.inputs])
        before = np.vstack([self.before[rows], anchors.before])
        wanted = np.vstack([np.eye(len(MODES))[self.modes[rows]], anchors.before])
        found, bias = slopes(inputs @ self.directions, before, wanted)
        weights = as_stored(self.directions @ found)
        return Layer(self.base, self.guard.scale, weights, as_stored(bias))

    def kept_aside(self, fold: NDArray[np.int64]) -> Array:
        """Return each row's probabilities from a layer that has not seen it, shape (n, modes)."""
        after = np.empty_like(self.before)
        for number in range(FOLDS):
            aside = fold == number
            layer = self.layer(~aside)
            after[aside] = layer.probabilities(self.before[aside], self.inputs[aside])
        return after


def _figures(data: Corrections, after: Array, layer: Layer, different: int) -> LearningFigures:
    right, now_right = chosen(data.before) == data.modes, chosen(after) == data.modes
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
    found = chosen(chances)
    same_cause = OF_CAUSE[found].argmax(1) == OF_CAUSE[modes].argmax(1)
    loss = -logs_of(chances)[np.arange(len(modes)), modes]
    return ReadingScore(
        causes=round(float(same_cause.mean()), 4),
        modes=round(float((found == modes).mean()), 4),
        log_loss=round(float(loss.mean()), 4),
    )


def chosen(chances: Array) -> NDArray[np.int64]:
    """Return the mode that a reading names: the likeliest of the likeliest cause, shape (n,)."""
    cause = (chances @ OF_CAUSE).argmax(axis=1)
    return np.asarray(np.where(OF_CAUSE[:, cause].T > 0, chances, -1).argmax(axis=1), np.int64)


def _no_better(found: LearningFigures) -> str:
    luck = by_luck(found.became_right, found.became_wrong)
    if luck <= LUCK and found.after.log_loss < found.before.log_loss:
        return ""
    return (
        f"Learning would not help. Of {found.corrections} corrections, each tried after learning "
        f"from others only, {found.became_right} became right and {found.became_wrong} became "
        f"wrong. {SOME_MORE}"
    )


def by_luck(became_right: int, became_wrong: int) -> float:
    """Return the chance that at least so many of the changed ones become right by tossing coins."""
    changed = became_right + became_wrong
    ways = sum(comb(changed, count) for count in range(became_right, changed + 1))
    return float(ways / 2**changed)


def _forgets(found: LearningFigures) -> str:
    before, after = found.guard_before, found.guard_after
    lost = max(before.causes - after.causes, before.modes - after.modes)
    if lost <= MAY_FORGET:
        return ""
    return (
        "Learning this would cost too much of what the advisor knows: of "
        f"{found.guard} examples that it ships with, it would read {lost * found.guard:.0f} more "
        f"wrong than before; at most {MAY_FORGET * found.guard:.0f} may be lost. "
        "Look for corrections that contradict each other."
    )


@dataclass(frozen=True)
class LearnedHead(ClassifierHead):
    """The head that ships with a layer over it."""

    layer: Layer

    @classmethod
    def over(cls, head: ClassifierHead, layer: Layer) -> LearnedHead:
        """Put a layer over the head that it belongs to.

        Raises:
            ModelError: it belongs to another head.
        """
        if layer.base != head.fingerprint:
            raise ModelError("This version was learned on another classifier. Learn again.")
        parts = {part.name: getattr(head, part.name) for part in fields(head)}
        return cls(**parts, layer=layer)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the head and of the layer."""
        return digest([self.layer.base, self.layer.fingerprint])

    def probabilities(self, seen: Evidence) -> Array:
        """Return calibrated probabilities, shape (n, modes)."""
        inputs = self.layer.scale.inputs(seen)
        return self.layer.probabilities(super().probabilities(seen), inputs)


class LearnedClassifier(Classifier):
    """The classifier that ships with what corrections taught it; it names its version.

    It goes to another process as `layer.to_bytes()` and `version`; there it has the same
    fingerprint and gives the same readings.
    """

    def __init__(self, layer: Layer, version: str) -> None:
        """Put `layer` over the head that ships.

        Raises:
            ModelError: the layer belongs to another head, or the head is missing.
        """
        encoder, head = shipped()
        super().__init__(encoder, LearnedHead.over(head, layer))
        self.version = version
        self.layer = layer
