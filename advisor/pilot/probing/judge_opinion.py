"""A judge model's word on answers that only closeness could decide; it has to prove itself first.

Each failure's bad output is known to be wrong. A judge that takes it for right has no say on that
failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from advisor.core.settings import settings
from advisor.domain.cases import TEXT_LIMIT, Case
from advisor.models.endpoint import Endpoint, EndpointError, Stop, configured
from advisor.pilot.metrics.judge_metric import scores_by
from advisor.pilot.metrics.metric_definition import Answered, Score
from advisor.pilot.probing.interventions import request
from advisor.pilot.probing.probe_records import NoJudgeReason
from advisor.proposal import Failure

ENOUGH = 0.75
"""Score, of 1, from which on an answer counts as right."""


class AskedAgain(NamedTuple):
    """An answer, and the failure that was asked again."""

    text: str
    failure: Failure


class JudgeWord(NamedTuple):
    """What the judge model says of one answer, or why its word does not count."""

    right: bool | None
    instead: NoJudgeReason | None = None


@dataclass
class AnswerJudge:
    """A model that judges answers; one that refused once is not asked again."""

    endpoint: Endpoint
    task: str
    """What the application is told to do."""
    refusal: str = ""
    """Why it would judge none."""

    @property
    def name(self) -> str:
        """The model, as the service names it."""
        return self.endpoint.model

    def words(self, answers: Sequence[AskedAgain], stop: Stop) -> list[JudgeWord]:
        """Return a word on each answer, in order.

        Raises:
            StoreError: what it said cannot be kept.
        """
        failures = {answer.failure.key: answer.failure for answer in answers}
        bad = [
            AskedAgain(failure.output, failure) for failure in failures.values() if failure.output
        ]
        scores = self._scores([*answers, *bad], stop)
        known = zip(bad, scores[len(answers) :], strict=True)
        fooled = {one.failure.key for one, score in known if score and score >= ENOUGH}
        return [
            JudgeWord(None, NoJudgeReason.FOOLED)
            if one.failure.key in fooled
            else self._word(score)
            for one, score in zip(answers, scores[: len(answers)], strict=True)
        ]

    def _word(self, score: Score) -> JudgeWord:
        if score is None:
            return JudgeWord(None, NoJudgeReason.DOWN if self.refusal else NoJudgeReason.OPEN)
        return JudgeWord(score >= ENOUGH)

    def _scores(self, answers: Sequence[AskedAgain], stop: Stop) -> list[Score]:
        asked = [Answered(answer.text, _case(answer.failure)) for answer in answers]
        try:
            return scores_by(self.endpoint, self.task, asked, lambda: bool(self.refusal) or stop())
        except EndpointError as error:
            self.refusal = str(error)
            return scores_by(self.endpoint, self.task, asked, lambda: True)  # those already kept


def _case(failure: Failure) -> Case:
    asked, wanted = request(failure)[-TEXT_LIMIT:], (failure.expected or "")[:TEXT_LIMIT]
    return Case(id=failure.key, input=asked, expected=wanted)


def judge_model(task: str) -> AnswerJudge | None:
    """Return the judge, if an endpoint is configured: its larger model where one is named.

    Raises:
        InputError: the settings name only a part of an endpoint.
    """
    endpoint = configured()
    if endpoint is None:
        return None
    larger = settings().endpoint_larger_model
    return AnswerJudge(replace(endpoint, model=larger or endpoint.model), task)
