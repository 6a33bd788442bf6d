"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Metric, Spec
from advisor.models.endpoint import Stop


class Answered(NamedTuple):
    """An answer, and the case that it answers."""

    text: str
    case: Case


Score = float | None
"""From 0 to 1; None where it cannot be judged."""
AnswerScorer = Callable[[str, Case], Score]
BatchScorer = Callable[[Spec, Sequence[Answered], Stop], list[Score]]


@dataclass(frozen=True)
class MetricDefinition:
    """One way to judge answers."""

    name: Metric
    title: str
    what: str
    """One sentence for people: what counts as right."""
    scores: BatchScorer
    """One score an answer, in order."""
    aggregate: Callable[[Sequence[Answered]], float] | None = None
    """A figure over all answers that is no mean over cases, where the metric has one."""


def each(prepare: Callable[[Spec], AnswerScorer]) -> BatchScorer:
    """Judge answers one by one with what `prepare` makes of the specification."""

    def scores(spec: Spec, answers: Sequence[Answered], stop: Stop) -> list[Score]:
        judge = prepare(spec)
        return [judge(text, case) for text, case in answers]

    return scores


def always(judge: AnswerScorer) -> BatchScorer:
    """Judge answers one by one, whatever the specification says."""
    return each(lambda spec: judge)


CUT = "cut"
"""What the share of answers is called that end because the limit of tokens was reached."""
