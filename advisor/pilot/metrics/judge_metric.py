"""Answers judged by the model that the settings name; what it said once is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from advisor.core.disk_cache import DiskCache
from advisor.core.strict import digest
from advisor.domain.pilot_spec import Spec
from advisor.errors import InputError, Problem
from advisor.models.chat import chat_all
from advisor.models.endpoint import ChatAnswer, Endpoint, EndpointError, Stop, configured
from advisor.pilot.metrics.judge_prompt import (
    PROMPT,
    AnswerJudgement,
    question_for,
    read_judgement,
    talks_to_the_judge,
)
from advisor.pilot.metrics.metric_definition import Answered, Score

FILE = "judged-answers.sqlite3"
_CACHE = DiskCache(
    FILE,
    "what the judge model said",
    "judged",
    ("model TEXT NOT NULL", "score REAL NOT NULL", "because TEXT NOT NULL", "at TEXT NOT NULL"),
)


def judged(spec: Spec, answers: Sequence[Answered], stop: Stop) -> list[Score]:
    """Ask the judge model about answers that it has not judged yet.

    None stands where it gave no score, and for an answer that talks to the judge.

    Raises:
        InputError: no judge model is configured.
        EndpointError: it would judge none of them.
        StoreError: what it said cannot be kept.
    """
    endpoint = configured()
    if endpoint is None:
        mend = "Set ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL, or use another metric"
        raise InputError(Problem("judge", "no judge model is configured", mend))
    return scores_by(endpoint, spec.instruction, answers, stop)


def scores_by(
    endpoint: Endpoint, task: str, answers: Sequence[Answered], stop: Stop
) -> list[Score]:
    """Ask one judge model about answers that it has not judged yet, as `judged` does.

    Raises:
        EndpointError: it would judge none of them.
        StoreError: what it said cannot be kept.
    """
    keys = [_key(endpoint.model, task, answered) for answered in answers]
    known: dict[str, Score] = {key: row[1] for key, row in _CACHE.get(keys).items()}
    unjudged = {
        key: answered
        for key, answered in zip(keys, answers, strict=True)
        if key not in known and not talks_to_the_judge(answered.text)
    }
    known |= dict(_ask(endpoint, task, unjudged, stop))
    return [known.get(key) for key in keys]


def _key(model: str, task: str, answered: Answered) -> str:
    text, case = answered
    return digest([model, PROMPT, task, case.input, case.expected, text])


def _ask(
    endpoint: Endpoint, task: str, unjudged: dict[str, Answered], stop: Stop
) -> Iterator[tuple[str, Score]]:
    """Ask about the rest, and keep each score as soon as it comes."""
    keys = list(unjudged)
    questions = [question_for(task, answered) for answered in unjudged.values()]
    with closing(chat_all(endpoint, questions, stop)) as said:
        for place, answer in said:
            if judgement := _read(answer):
                _keep(keys[place], endpoint.model, judgement)
                yield keys[place], judgement.score


def _keep(key: str, model: str, judgement: AnswerJudgement) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    _CACHE.put({key: (model, judgement.score, judgement.because, at)}, first_counts=True)


def _read(answer: ChatAnswer | EndpointError) -> AnswerJudgement | None:
    return None if isinstance(answer, EndpointError) else read_judgement(answer.text)
