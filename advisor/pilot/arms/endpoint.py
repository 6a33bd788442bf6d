"""The team's real model behind its endpoint, asked with the same examples as the model here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from advisor.models.endpoint import Answer, EndpointError, Question, chat_all, configured
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.bench import answering
from advisor.pilot.arms.examples import chosen
from advisor.pilot.cases import Case
from advisor.pilot.prompts import frame, prompt
from advisor.pilot.result import Given
from advisor.pilot.spec import ArmName, Frozen
from advisor.vocabulary import Remedy

SPARE = 64
"""Tokens beyond the longest wanted answer: another model may begin with a word of its own."""


def _unfit(frozen: Frozen) -> str:
    if configured() is None:
        return (
            "no endpoint is configured; set ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL to try "
            "your real model"
        )
    return ""


def _answer(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    endpoint = configured()
    assert endpoint is not None, "the arm was asked for though it does not fit"
    shared, shown = frame(bench.frozen), chosen(bench)
    prompts = [prompt(shared, case, examples=shown) for case in cases]
    tokens = _longest(bench.frozen)
    questions = [Question(one.messages, max_tokens=tokens, seed=bench.seed) for one in prompts]
    failed: dict[str, str] = {}
    bench.diary.details |= {"model": endpoint.model, "host": endpoint.host, "unanswered": failed}
    with closing(chat_all(endpoint, questions, bench.stop)) as answers:
        for place, answer in answers:
            case = prompts[place].case.id
            if isinstance(answer, EndpointError):
                failed[case] = str(answer)
                yield Given(case=case, text="")
            else:
                yield _given(case, answer, prompts[place].shown)


def _given(case: str, answer: Answer, shown: tuple[str, ...]) -> Given:
    return Given(
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
