"""Examples as tokens: the prompt as the model is asked, then the completion it is to learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from advisor.errors import InputError, Problem
from advisor.models.base import Base
from advisor.models.endpoint import Message
from advisor.pilot.training.packs import Row

CHARACTERS = 12
"""Of a text, so many characters for each token that may remain are looked at; it is cut anyway."""


class Example(NamedTuple):
    """A conversation, and how it is to go on."""

    messages: tuple[Message, ...]
    completion: str


class Rows(NamedTuple):
    """Examples as tokens."""

    rows: tuple[Row, ...]
    cut: int
    """How many were too long: the middle of a prompt, or the end of a completion, is left out."""


def rows_of(base: Base, examples: Sequence[Example], longest: int) -> Rows:
    """Turn examples into tokens, each row at most `longest` and what the model can read.

    A completion keeps its beginning, at most half of the room; a prompt keeps its beginning and
    its end.

    Raises:
        InputError: there are none, or one of them says nothing.
    """
    if not examples:
        raise InputError(Problem("training", "there are no examples", "Give at least one"))
    empty = [place for place, one in enumerate(examples, 1) if not one.completion.strip()]
    if empty:
        where = f"training example {empty[0]}"
        raise InputError(Problem(where, "has no wanted answer", "Fill it in or leave it out"))
    room = min(longest, base.context)
    prompts = _ids(base, [_prompt(base, one.messages) for one in examples])
    completions = _ids(base, [one.completion[: room * CHARACTERS] for one in examples])
    end = int(base.tokenizer.eos_token_id)
    whole = [Row(tuple(p), (*c, end)) for p, c in zip(prompts, completions, strict=True)]
    rows = tuple(_fitting(row, room) for row in whole)
    return Rows(rows, sum(old is not new for old, new in zip(whole, rows, strict=True)))


def _prompt(base: Base, messages: Sequence[Message]) -> str:
    turns = [message._asdict() for message in messages]
    return str(
        base.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    )


def _ids(base: Base, texts: list[str]) -> list[list[int]]:
    found: list[list[int]] = base.tokenizer(texts, add_special_tokens=False)["input_ids"]
    return found


def _fitting(row: Row, room: int) -> Row:
    if row.tokens <= room:
        return row
    completion = row.completion[: max(room // 2, room - len(row.prompt))]
    left = room - len(completion)
    head = left // 2
    prompt = row.prompt
    if len(prompt) > left:
        prompt = prompt[:head] + prompt[len(prompt) - (left - head) :]
    return Row(prompt, completion)
