"""Examples as tokens: the prompt as the model will be asked, then the completion it is to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from advisor.errors import InputError, Problem
from advisor.models.base import Base
from advisor.models.endpoint import Message
from advisor.models.generation.tokenizing import asked
from advisor.models.lora.packing import Row

CHARACTERS = 12
"""Of a completion, so many characters for each token that may remain are looked at."""


class Example(NamedTuple):
    """A conversation, and how it is to go on."""

    messages: tuple[Message, ...]
    completion: str


class Rows(NamedTuple):
    """Examples as tokens."""

    rows: tuple[Row, ...]
    cut: int
    """How many were too long: the middle of the last message, or the end of the answer, is gone."""


def rows_of(base: Base, examples: Sequence[Example], longest: int) -> Rows:
    """Turn examples into tokens, each row at most `longest` and what the model can read.

    A completion may take half of the room, and keeps its beginning; a last message that does not
    fit into the rest loses its middle.

    Raises:
        InputError: there are none, one of them says nothing, or a prompt does not fit even without
            its last message.
    """
    if not examples:
        raise InputError(Problem("training", "there are no examples", "Give at least one"))
    empty = [place for place, one in enumerate(examples, 1) if not one.completion.strip()]
    if empty:
        where = f"training example {empty[0]}"
        raise InputError(Problem(where, "has no wanted answer", "Fill it in or leave it out"))
    narrow = replace(base, context=min(longest, base.context))
    found = [_row(narrow, one) for one in examples]
    return Rows(tuple(row for row, _ in found), sum(cut for _, cut in found))


def _row(base: Base, example: Example) -> tuple[Row, bool]:
    """Return an example as tokens, and whether something is missing."""
    words = base.tokenizer(
        example.completion[: base.context * CHARACTERS], add_special_tokens=False
    ).input_ids
    whole = (*words, int(base.tokenizer.eos_token_id))
    completion = whole[: base.context // 2]
    prompt = asked(base, example.messages, len(completion))
    return Row(prompt.tokens, completion), prompt.shortened or completion != whole
