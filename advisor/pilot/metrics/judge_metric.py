"""Answers judged by the model that the settings name; what it said once is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from advisor.core.disk_cache import KeptFile
from advisor.core.settings import settings
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
_TABLES = (
    """CREATE TABLE IF NOT EXISTS judged (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, score REAL NOT NULL, because TEXT NOT NULL,
    at TEXT NOT NULL)""",
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
    kept = _Kept(KeptFile(settings().home / FILE, "what the judge model said", _TABLES), endpoint)
    keys = [_key(endpoint.model, task, answer) for answer in answers]
    known = kept.scores(keys)
    open_ = {
        key: one
        for key, one in zip(keys, answers, strict=True)
        if key not in known and not talks_to_the_judge(one.text)
    }
    known |= kept.ask(task, open_, stop)
    return [known.get(key) for key in keys]


def _key(model: str, task: str, answered: Answered) -> str:
    text, case = answered
    return digest([model, PROMPT, task, case.input, case.expected, text])


@dataclass(frozen=True)
class _Kept:
    file: KeptFile
    endpoint: Endpoint

    def scores(self, keys: Iterable[str]) -> dict[str, Score]:
        """Return what was said before."""
        return dict(self.file.rows("SELECT key, score FROM judged WHERE key IN ({keys})", keys))

    def ask(self, instruction: str, open_: dict[str, Answered], stop: Stop) -> dict[str, Score]:
        """Ask about the rest, and keep each score as soon as it comes."""
        return dict(self._each(instruction, open_, stop))

    def _each(
        self, instruction: str, open_: dict[str, Answered], stop: Stop
    ) -> Iterator[tuple[str, Score]]:
        keys = list(open_)
        questions = [question_for(instruction, one) for one in open_.values()]
        with closing(chat_all(self.endpoint, questions, stop)) as said:
            for place, answer in said:
                if judgement := _read(answer):
                    self._keep(keys[place], judgement)
                    yield keys[place], judgement.score

    def _keep(self, key: str, judgement: AnswerJudgement) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, self.endpoint.model, judgement.score, judgement.because, at)
        with self.file.writing() as file:
            file.execute("INSERT INTO judged VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)


def _read(answer: ChatAnswer | EndpointError) -> AnswerJudgement | None:
    return None if isinstance(answer, EndpointError) else read_judgement(answer.text)
