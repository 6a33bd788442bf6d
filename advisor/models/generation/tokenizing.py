"""Conversations as tokens: written in the model's own format, and short enough for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from jinja2 import TemplateError

from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message

GAP = "\n[…]\n"
"""Stands where the middle of a text was left out."""
_SPARE = 16
"""Tokens by which a shortened text may grow at its seams."""


class TokenizedPrompt(NamedTuple):
    """One prompt as the model reads it."""

    tokens: tuple[int, ...]
    shortened: bool = False
    """Whether the middle of its last message was left out, because it is longer than the model
    can read."""


def tokenized(base: LoadedModel, messages: Sequence[Message], room: int) -> TokenizedPrompt:
    """Return a conversation as tokens that end where the answer begins.

    Args:
        base: the model that will be asked.
        messages: the conversation.
        room: tokens that the answer may take.

    Raises:
        InputError: it does not fit, even without its last message.
    """
    limit = base.context - room
    tokens = _tokens(base, messages)
    if len(tokens) <= limit:
        return TokenizedPrompt(tokens)
    *before, last = messages
    over = len(tokens) - limit
    words = base.tokenizer(last.content, add_special_tokens=False).input_ids
    left = len(words) - over - _SPARE - len(base.tokenizer(GAP, add_special_tokens=False).input_ids)
    if left > 0:
        cut = Message(last.role, _ends(base, words, left))
        tokens = _tokens(base, [*before, cut])
        if len(tokens) <= limit:
            return TokenizedPrompt(tokens, shortened=True)
    what = f"takes {len(tokens):,} tokens before the case itself; {base.name} reads {limit:,}"
    raise InputError(Problem("prompt", what, "Shorten the instruction, or show fewer examples"))


def places_by_tokens(read: Sequence[TokenizedPrompt]) -> dict[tuple[int, ...], list[int]]:
    """Return the places of each prompt, by its tokens: equal ones are read once."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place, one in enumerate(read):
        found.setdefault(one.tokens, []).append(place)
    return found


def _ends(base: LoadedModel, words: Sequence[int], left: int) -> str:
    """Return the first two thirds and the last third of `left` tokens as text."""
    head = base.tokenizer.decode(list(words[: left * 2 // 3]))
    tail = base.tokenizer.decode(list(words[len(words) - left // 3 :]))
    return f"{head}{GAP}{tail}"


def _tokens(base: LoadedModel, messages: Sequence[Message]) -> tuple[int, ...]:
    text = _written(base.tokenizer, messages)
    return tuple(base.tokenizer(text, add_special_tokens=False).input_ids)


def _written(tokenizer: Any, messages: Sequence[Message]) -> str:
    try:
        return _template(tokenizer, messages)
    except TemplateError:  # some templates know no system message
        return _template(tokenizer, _without_system(messages))


def _template(tokenizer: Any, messages: Sequence[Message]) -> str:
    turns = [message._asdict() for message in messages]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))


def _without_system(messages: Sequence[Message]) -> list[Message]:
    system = [message.content for message in messages if message.role == "system"]
    rest = [message for message in messages if message.role != "system"]
    if not rest:
        return [Message("user", "\n\n".join(system))]
    return [Message(rest[0].role, "\n\n".join([*system, rest[0].content])), *rest[1:]]
