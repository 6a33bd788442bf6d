"""Rows of a step as one run of tokens: what they share stands in it once, and nothing is padded.

The instruction with its label list makes up most of a short row. All rows see the same keys and
values for it, so it is computed once, and its gradients add up by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from os.path import commonprefix
from typing import NamedTuple

import torch
from torch import Tensor

from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation.tokenizing import tokenized


class TrainingRow(NamedTuple):
    """One example as tokens."""

    prompt: tuple[int, ...]
    completion: tuple[int, ...]

    @property
    def tokens(self) -> int:
        """How many it has, all told."""
        return len(self.prompt) + len(self.completion)


class OwnTokens(NamedTuple):
    """A row without what is shared."""

    place: int
    """Which row of the data it is."""
    ids: tuple[int, ...]
    """The last token of the completion is left out: nothing comes after it."""
    labels: tuple[int, ...]
    """What the last tokens of `ids` are to be followed by."""


@dataclass(frozen=True, eq=False)
class Pack:
    """Some rows behind one shared prefix: token `t` of a row sees the prefix and its row up to `t`.

    The tokens stand in one line, T = P + N: the prefix, then the rows without it, end to end.
    """

    prefix: tuple[int, ...]
    rows: tuple[OwnTokens, ...]

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Tokens of each row without the prefix."""
        return tuple(len(row.ids) for row in self.rows)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each row begins in the line."""
        return tuple(accumulate(self.lengths[:-1], initial=len(self.prefix)))

    @property
    def size(self) -> int:
        """Tokens in the line, T."""
        return len(self.prefix) + sum(self.lengths)

    @property
    def stands_for(self) -> int:
        """Tokens of the same rows, prefix and last token included, without sharing."""
        return sum(len(self.prefix) + length + 1 for length in self.lengths)

    @cached_property
    def ids(self) -> Tensor:
        """Token ids, shape (T,)."""
        return torch.tensor([*self.prefix, *(one for row in self.rows for one in row.ids)])

    @cached_property
    def positions(self) -> Tensor:
        """Position of each token in its own row, prefix included, shape (T,)."""
        shared = len(self.prefix)
        own = (torch.arange(shared, shared + length) for length in self.lengths)
        return torch.cat([torch.arange(shared), *own])

    @cached_property
    def asking(self) -> Tensor:
        """Which tokens must say what comes next, shape (n,)."""
        ends = zip(self.starts, self.rows, strict=True)
        return torch.cat([
            torch.arange(start + len(row.ids) - len(row.labels), start + len(row.ids))
            for start, row in ends
        ])

    @cached_property
    def labels(self) -> Tensor:
        """What comes next there, shape (n,)."""
        return torch.tensor([one for row in self.rows for one in row.labels])


def shared_prefix(rows: Sequence[TrainingRow]) -> tuple[int, ...]:
    """Return the tokens that every prompt begins with; the last of a prompt is never among them."""
    return tuple(commonprefix([row.prompt[:-1] for row in rows])) if len(rows) > 1 else ()


def packed(
    rows: Sequence[TrainingRow], places: Sequence[int], prefix: tuple[int, ...], most: int
) -> Iterator[Pack]:
    """Put the rows at `places` into as few packs of at most `most` tokens as their order allows."""
    taken: list[OwnTokens] = []
    size = len(prefix)
    for place in places:
        row = rows[place]
        ids = (*row.prompt[len(prefix) :], *row.completion[:-1])
        if taken and size + len(ids) > most:
            yield Pack(prefix, tuple(taken))
            taken, size = [], len(prefix)
        taken.append(OwnTokens(place, ids, row.completion))
        size += len(ids)
    if taken:
        yield Pack(prefix, tuple(taken))


CHARACTERS = 12
"""Of a completion, so many characters for each token that may remain are looked at."""


class TrainingExample(NamedTuple):
    """A conversation, and how it is to go on."""

    messages: tuple[Message, ...]
    completion: str


class ExampleRows(NamedTuple):
    """Examples as tokens."""

    rows: tuple[TrainingRow, ...]
    cut: int
    """How many were too long: the middle of the last message, or the end of the answer, is gone."""


def rows_of(base: LoadedModel, examples: Sequence[TrainingExample], longest: int) -> ExampleRows:
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
    found = [_row(narrow, example) for example in examples]
    return ExampleRows(tuple(row for row, _ in found), sum(cut for _, cut in found))


def _row(base: LoadedModel, example: TrainingExample) -> tuple[TrainingRow, bool]:
    """Return an example as tokens, and whether something is missing."""
    words = base.tokenizer(
        example.completion[: base.context * CHARACTERS], add_special_tokens=False
    ).input_ids
    whole = (*words, int(base.tokenizer.eos_token_id))
    completion = whole[: base.context // 2]
    prompt = tokenized(base, example.messages, len(completion))
    return TrainingRow(prompt.tokens, completion), prompt.shortened or completion != whole
