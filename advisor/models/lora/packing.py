"""Rows of a step as one run of tokens: what they share stands in it once, and nothing is padded.

The instruction with its label list makes up most of a short row. All rows see the same keys and
values for it, so it is computed once, and its gradients add up by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from os.path import commonprefix
from typing import NamedTuple

import torch
from torch import Tensor


class Row(NamedTuple):
    """One example as tokens."""

    prompt: tuple[int, ...]
    completion: tuple[int, ...]

    @property
    def tokens(self) -> int:
        """How many it has, all told."""
        return len(self.prompt) + len(self.completion)


class Own(NamedTuple):
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
    rows: tuple[Own, ...]

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


def shared_prefix(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the tokens that every prompt begins with; the last of a prompt is never among them."""
    return tuple(commonprefix([row.prompt[:-1] for row in rows])) if len(rows) > 1 else ()


def packed(
    rows: Sequence[Row], places: Sequence[int], prefix: tuple[int, ...], most: int
) -> Iterator[Pack]:
    """Put the rows at `places` into as few packs of at most `most` tokens as their order allows."""
    taken: list[Own] = []
    size = len(prefix)
    for place in places:
        row = rows[place]
        ids = (*row.prompt[len(prefix) :], *row.completion[:-1])
        if taken and size + len(ids) > most:
            yield Pack(prefix, tuple(taken))
            taken, size = [], len(prefix)
        taken.append(Own(place, ids, row.completion))
        size += len(ids)
    if taken:
        yield Pack(prefix, tuple(taken))
