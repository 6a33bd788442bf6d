"""The team's real model behind its endpoint, asked with the same examples as the model here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.models.chat import chat_all
from advisor.models.endpoint import ChatAnswer, ChatQuestion, EndpointError, configured
from advisor.pilot.arms.answering import answering
from advisor.pilot.arms.arm import Arm, ArmJob
from advisor.pilot.arms.prompt import few_shot_examples
from advisor.pilot.prompts import Prompt, prompt
from advisor.pilot.wordings import frame
from advisor.vocabulary import Remedy

SPARE = 64
"""Tokens beyond the longest wanted answer: another model may begin with a word of its own."""
PATIENCE = 8
"""Cases in a row without an answer after which no more are asked."""


def _unfit(frozen: Frozen) -> str:
    if configured() is None:
        return (
            "no endpoint is configured; set ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL to try "
            "your real model"
        )
    return ""


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    endpoint = configured()
    assert endpoint is not None, "the arm was asked for though it does not fit"
    shared, shots = frame(job.frozen), few_shot_examples(job)
    prompts = [prompt(shared, case, shots=shots) for case in cases]
    tokens = _longest(job.frozen)
    questions = [ChatQuestion(one.messages, max_tokens=tokens, seed=job.seed) for one in prompts]
    job.notes.details |= {"model": endpoint.model, "host": endpoint.host}
    with closing(chat_all(endpoint, questions, job.stop)) as answers:
        yield from _marked(job, prompts, answers)


def _marked(
    job: ArmJob,
    prompts: Sequence[Prompt],
    answers: Iterable[tuple[int, ChatAnswer | EndpointError]],
) -> Iterator[ArmAnswer]:
    """Yield answers; a case without one is left empty and noted.

    Raises:
        EndpointError: too many in a row have none.
    """
    failed: dict[str, str] = {}
    job.notes.details["unanswered"] = failed
    left = PATIENCE
    for place, answer in answers:
        case, shown = prompts[place].case.id, prompts[place].shown
        if isinstance(answer, ChatAnswer):
            left = PATIENCE
            yield _given(case, answer, shown)
            continue
        failed[case] = str(answer)
        left -= 1
        if left == 0:
            raise answer
        yield ArmAnswer(case=case, text="")


def _given(case: str, answer: ChatAnswer, shown: tuple[str, ...]) -> ArmAnswer:
    return ArmAnswer(
        case=case,
        text=answer.text.strip(),
        tokens_in=answer.tokens_in or 0,
        tokens_out=answer.tokens_out or 0,
        seconds=answer.seconds,
        cut=answer.cut,
        shown=shown,
    )


def _longest(frozen: Frozen) -> int:
    """Return how many tokens an answer may have; its tokenizer is not known here."""
    return max(len(case.expected.encode()) for case in frozen.data.train) // 2 + SPARE


ENDPOINT = Arm(
    ArmName.ENDPOINT,
    "Your model",
    "The model behind your endpoint, with examples in the prompt.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=_unfit,
    answer=answering(_answer),
)
