"""The likeliest label of a list, without writing it out.

A label's probability is the product, over the places where labels part, of its token's share among
the tokens that lead to a label there: what drawing under the list would give, so the shares of all
labels sum to one. Where only one label is left, its other tokens are certain and cost nothing;
where the first token decides, the prompt is all that is read. The sum over all tokens of a label,
without the list, would favour short labels, and cost a reading of each.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import torch
from torch import Tensor

from advisor.core.terminal import Tell
from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message, Stop, never
from advisor.models.generation.batching import Batch, batches
from advisor.models.generation.constraints import endings
from advisor.models.generation.token_rows import Stopped
from advisor.models.generation.tokenizing import places_by_tokens, tokenized

FINE = 1e-3
"""Labels that share so small a part are not told apart: each gets an equal share of it."""
_SPARE = 32
"""Tokens of the longest beginning of labels that part late; the model must have room for it."""


class Chosen(NamedTuple):
    """The label of one prompt."""

    label: str
    scores: tuple[float, ...]
    """Natural logarithm of each label's probability, in the order of the labels."""
    tokens_in: int
    seconds: float
    """Its share of the time of its batch."""
    shortened: bool = False
    """Whether the model saw its last message without the middle, which did not fit."""


class _Open(NamedTuple):
    """A branch that labels of one prompt are still in."""

    case: int
    branch: Branch
    score: float


@dataclass(frozen=True)
class _Step:
    """A branch to be read, behind what a row has read."""

    row: int
    open: _Open


def choose(
    base: LoadedModel,
    prompts: Sequence[Sequence[Message]],
    labels: Sequence[str],
    *,
    tell: Tell = lambda done: None,
    stop: Stop = never,
) -> Generator[tuple[int, Chosen], None, None]:
    """Choose a label for each conversation; yield `(place, choice)` batch by batch.

    Args:
        base: the model, an adapter merged into it.
        prompts: the conversations.
        labels: what to choose from; the first wins a tie.
        tell: is told how many are done.
        stop: asked between readings; when true nothing more is yielded.

    Raises:
        InputError: labels that cannot be told apart, or a prompt that does not fit even without
            its last message.
    """
    tree = label_tree(base, labels, min(endings(base)))
    read = [tokenized(base, messages, _SPARE) for messages in prompts]
    same = places_by_tokens(read)
    places = list(same.values())
    done, begun = 0, time.perf_counter()
    try:
        with closing(batches(base, list(same), [1] * len(same), _SPARE, stop)) as found:
            for batch in found:
                scores = _scores(batch, tree, len(labels))
                passed = (time.perf_counter() - begun) / len(scores)
                for prompt, row in zip(batch.prompts, scores, strict=True):
                    best = labels[max(range(len(labels)), key=row.__getitem__)]
                    for place in places[prompt]:
                        each = passed / len(places[prompt])
                        done += 1
                        tell(done)
                        one = read[place]
                        yield place, Chosen(best, tuple(row), len(one.tokens), each, one.shortened)
                begun = time.perf_counter()
    except Stopped:
        return


def _scores(batch: Batch, tree: Branch, many: int) -> list[list[float]]:
    """Return the score of each label for each row of a batch."""
    scores = [[-math.inf] * many for _ in batch.prompts]
    least = math.log(min(FINE, 0.5 / many))
    opened = [_Open(case, tree, 0.0) for case in range(len(batch.prompts))]
    logits = batch.logits
    if tree.tokens:
        logits = batch.rows.feed([tree.tokens] * len(opened))
    while opened:
        steps = []
        for step in _parted(opened, logits):
            branch, score = step.open.branch, step.open.score
            if branch.below and score >= least:
                steps.append(step)
            for label in branch.labels:
                scores[step.open.case][label] = score - math.log(len(branch.labels))
        opened = [step.open for step in steps]
        if steps:
            batch.rows.keep([step.row for step in steps])
            logits = batch.rows.feed([one.branch.tokens for one in opened])
    return scores


def _parted(opened: Sequence[_Open], logits: Tensor) -> Iterator[_Step]:
    """Yield the branches below each open one, with their scores."""
    for row, one in enumerate(opened):
        tokens = [branch.tokens[0] for branch in one.branch.below]
        shares = torch.log_softmax(logits[row, tokens].double(), -1).tolist()
        for branch, share in zip(one.branch.below, shares, strict=True):
            yield _Step(row, _Open(one.case, branch, one.score + share))


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
