"""Answers written out: many prompts at once, the likeliest token at each step.

In 32 bits the tokens are those of a plain `generate` loop, whatever else is in the batch, but for
ties within rounding (a few in 10⁷ of a logit). In bfloat16 two tokens closer than about 0.5 % may
change places with the batch, as they do in any other loop. The same prompts in the same call give
the same answers on the same machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import NamedTuple, TypeVar

from advisor.core.terminal import Tell
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message, Stop, never
from advisor.models.generation.batching import batches
from advisor.models.generation.constraints import AnswerForm, FormGuide, endings
from advisor.models.generation.decoding import OpenAnswer, WritingRules, finish
from advisor.models.generation.token_rows import Stopped
from advisor.models.generation.tokenizing import TokenizedPrompt, places_by_tokens, tokenized

_Number = TypeVar("_Number", int, float)


class Written(NamedTuple):
    """An answer."""

    text: str
    tokens_in: int
    tokens_out: int
    """With the one that ends it."""
    cut: bool
    """Whether it ends because the limit of tokens was reached."""
    seconds: float
    """Its share of the time of its batch."""
    shortened: bool = False
    """Whether the model saw its last message without the middle, which did not fit."""


class _Pace(NamedTuple):
    """How one answer is written."""

    most: int
    """Tokens that it may take."""
    temperature: float


def write(
    base: LoadedModel,
    prompts: Sequence[Sequence[Message]],
    *,
    max_new_tokens: int | Sequence[int],
    form: AnswerForm | None = None,
    ends: Sequence[str] = (),
    temperature: float | Sequence[float] = 0.0,
    seed: int = 0,
    tell: Tell = lambda done: None,
    stop: Stop = never,
) -> Generator[tuple[int, Written], None, None]:
    """Answer conversations; yield `(place, answer)` as they are finished, in any order.

    What prompts begin alike is read once, and equal prompts are answered once. A last message that
    is too long for the model loses its middle.

    Args:
        base: the model, an adapter merged into it.
        prompts: the conversations.
        max_new_tokens: tokens that an answer may take, or those of each; a form is then closed
            without the model.
        form: what every answer must look like.
        ends: texts before which an answer ends.
        temperature: 0 takes the likeliest token, more draws one; or one for each prompt. Equal
            prompts are drawn apart.
        seed: of the draws; the place of a prompt counts too, its neighbours do not.
        tell: is told how many are answered.
        stop: asked at every step; when true nothing more is yielded.

    Raises:
        InputError: a prompt does not fit even without its last message, or no text fits the form.
    """
    guide = FormGuide(base, form) if form else None
    manner = WritingRules(base.tokenizer, endings(base), tuple(ends), guide)
    most, heat = _each(max_new_tokens, prompts), _each(temperature, prompts)
    read = [tokenized(base, messages, room) for messages, room in zip(prompts, most, strict=True)]
    pace = [_Pace(*one) for one in zip(most, heat, strict=True)]
    done = 0
    for line in _lines(base, read, pace, manner, seed, stop):
        for place in line.places:
            done += 1
            tell(done)
            yield place, _written(line, read[place], manner)


def _each(given: _Number | Sequence[_Number], prompts: Sequence[object]) -> list[_Number]:
    """Return what is given for each prompt."""
    return list(given) if isinstance(given, Sequence) else [given] * len(prompts)


def _lines(
    base: LoadedModel,
    read: Sequence[TokenizedPrompt],
    pace: Sequence[_Pace],
    manner: WritingRules,
    seed: int,
    stop: Stop,
) -> Generator[OpenAnswer, None, None]:
    same = places_by_tokens(read)
    takers = [_takers(places, pace) for places in same.values()]
    opening = manner.guide.opening if manner.guide else ()
    prompts = [(*tokens, *opening) for tokens in same]
    times = [len(many) for many in takers]
    most = max((one.most for one in pace), default=0)
    begun = time.perf_counter()
    try:
        with closing(batches(base, prompts, times, most, stop)) as read_batches:
            for batch in read_batches:
                lines = [_line(takers[one].pop(0), pace, seed, manner) for one in batch.prompts]
                yield from finish(batch, lines, manner, begun)
                begun = time.perf_counter()
    except Stopped:
        return


def _takers(places: Sequence[int], pace: Sequence[_Pace]) -> list[tuple[int, ...]]:
    """Return which of equal prompts share an answer: those of one pace, unless each is drawn."""
    found: dict[tuple[_Pace, int], list[int]] = {}
    for place in places:
        apart = place if pace[place].temperature else -1
        found.setdefault((pace[place], apart), []).append(place)
    return [tuple(each) for each in found.values()]


def _line(
    places: tuple[int, ...], pace: Sequence[_Pace], seed: int, manner: WritingRules
) -> OpenAnswer:
    course = manner.guide.start() if manner.guide else None
    opening = manner.guide.opening if manner.guide else ()
    draw = random.Random(f"{seed}:{places[0]}")
    return OpenAnswer(places, *pace[places[0]], draw, list(opening), course)


def _written(line: OpenAnswer, read: TokenizedPrompt, manner: WritingRules) -> Written:
    return Written(
        text=manner.text(line.tokens),
        tokens_in=len(read.tokens),
        tokens_out=len(line.tokens),
        cut=line.cut,
        seconds=line.seconds / len(line.places),
        shortened=read.shortened,
    )
