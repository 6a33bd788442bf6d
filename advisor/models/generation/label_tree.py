"""Labels as a tree of tokens: what several begin with stands once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel


@dataclass(frozen=True)
class Branch:
    """A beginning of labels, after which they part; or a whole label."""

    tokens: tuple[int, ...] = ()
    """Those after the branch above."""
    labels: tuple[int, ...] = ()
    """The labels that begin so, by number."""
    below: tuple[Branch, ...] = field(default=())
    """None for a whole label; each begins with another token."""


def label_tree(base: LoadedModel, labels: Sequence[str], end: int) -> Branch:
    """Return the tree of labels; `end` follows a label that begins another.

    Raises:
        InputError: fewer than two labels, an empty one, or two that the model reads alike.
    """
    if len(labels) < 2 or not all(labels):
        raise InputError(Problem("labels", "are fewer than two, or one is empty", "Name them"))
    words = base.tokenizer(list(labels), add_special_tokens=False).input_ids
    spelt = sorted(((*tokens, end), number) for number, tokens in enumerate(words))
    for (one, first), (other, second) in zip(spelt, spelt[1:], strict=False):
        if one == other:
            what = f"{labels[first]!r} and {labels[second]!r} are the same to the model"
            raise InputError(Problem("labels", what, "Give each label a name of its own"))
    return _branch(spelt, 0)


def _branch(spelt: Sequence[tuple[tuple[int, ...], int]], begin: int) -> Branch:
    """Return the branch of sorted labels that share their first `begin` tokens."""
    numbers = tuple(sorted(number for _, number in spelt))
    first, last = spelt[0][0], spelt[-1][0]
    if len(spelt) == 1:
        return Branch(first[begin:], numbers)
    at = next(n for n in range(begin, len(first)) if first[n] != last[n])
    below = (_branch(list(same), at) for _, same in groupby(spelt, lambda one: one[0][at]))
    return Branch(first[begin:at], numbers, tuple(below))
