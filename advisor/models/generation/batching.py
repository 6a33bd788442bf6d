"""Prompts as rows that are answered together, behind what they share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from advisor.models.base import LoadedModel
from advisor.models.endpoint import Stop
from advisor.models.generation.prefix_attention import shared_attention
from advisor.models.generation.prefix_cache import Prefix
from advisor.models.generation.shared_prefixes import PrefixNode, Tokens, prefix_tree
from advisor.models.generation.token_rows import PART, SingleRows, TokenRows, can_share

MOST = 128
"""Rows of a batch: with fewer the weights are read too often, with more it gains little."""
ROOM = 2**29
"""Bytes for keys and values on a CPU."""
GPU_SHARE = 0.3
"""Share of a GPU's free memory for them."""


@dataclass(frozen=True)
class Batch:
    """Rows that have read their prompts."""

    prompts: tuple[int, ...]
    """Which prompts, in the order of the rows."""
    rows: TokenRows | SingleRows
    logits: Tensor
    """Of the token after each prompt, (B, words)."""


def batches(
    base: LoadedModel, prompts: Sequence[Tokens], times: Sequence[int], new: int, stop: Stop
) -> Generator[Batch, None, None]:
    """Yield all prompts, read, in batches that fit in memory.

    Args:
        base: the model that reads.
        prompts: tokens of each, no two alike.
        times: rows that each prompt takes.
        new: tokens for which there must be room behind a prompt.
        stop: asked often; `Stopped` is raised when it says so.
    """
    if not can_share(base.model):
        yield from _one_by_one(base, prompts, times, stop)
        return
    with shared_attention(base.model):
        yield from _behind(
            _PromptReader(base, prompts, times, new, stop), prefix_tree(prompts), Prefix()
        )


def _one_by_one(
    base: LoadedModel, prompts: Sequence[Tokens], times: Sequence[int], stop: Stop
) -> Iterator[Batch]:
    for number, prompt in enumerate(prompts):
        for _ in range(times[number]):
            row = SingleRows(base, 1, stop)
            yield Batch((number,), row, row.feed([prompt]))


@dataclass(frozen=True)
class _PromptReader:
    base: LoadedModel
    prompts: Sequence[Tokens]
    times: Sequence[int]
    new: int
    stop: Stop

    def extended(self, node: PrefixNode, prefix: Prefix) -> Prefix:
        """Return the prefix of a node."""
        if node.end == node.begin:
            return prefix
        row = TokenRows(self.base, 1, prefix, self.stop)
        row.feed([self.prompts[node.sample][node.begin : node.end]])
        return row.as_prefix()

    def read(self, chosen: Sequence[int], prefix: Prefix) -> Batch:
        """Read what is behind the prefix, in parts of similar length, and join the parts.

        A prompt that takes several rows is read in one.
        """
        parts, once = [], list(dict.fromkeys(chosen))
        for part in self._cut(once, prefix.length, lambda many, long: many * long <= PART):
            rows = TokenRows(self.base, len(part), prefix, self.stop)
            parts.append((rows, rows.feed([self.prompts[one][prefix.length :] for one in part])))
        first, *others = (rows for rows, _ in parts)
        if others:
            first.join(others)
        logits = torch.cat([logits for _, logits in parts])
        if len(once) < len(chosen):
            again = [once.index(one) for one in chosen]
            first.keep(again)
            logits = logits[again]
        return Batch(tuple(chosen), first, logits)

    def groups(self, node: PrefixNode) -> Iterator[list[int]]:
        """Cut the rows of a node, each as often as wanted, into batches that fit."""
        rows = list(chain.from_iterable([one] * self.times[one] for one in node.rows))
        tokens = _room(self.base) // _bytes_a_token(self.base)

        def fits(many: int, long: int) -> bool:
            return many <= MOST and many * (long + self.new) <= tokens

        yield from self._cut(rows, node.end, fits)

    def _cut(
        self, rows: Sequence[int], behind: int, fits: Callable[[int, int], bool]
    ) -> Iterator[list[int]]:
        group: list[int] = []
        for row in rows:
            if group and not fits(len(group) + 1, len(self.prompts[row]) - behind):
                yield group
                group = []
            group.append(row)
        if group:
            yield group


def _behind(reader: _PromptReader, node: PrefixNode, before: Prefix) -> Iterator[Batch]:
    prefix = reader.extended(node, before)
    for group in reader.groups(node):
        yield reader.read(group, prefix)
    for child in node.children:
        yield from _behind(reader, child, prefix)


def _room(base: LoadedModel) -> int:
    if base.device.type != "cuda":
        return ROOM
    return int(torch.cuda.mem_get_info(base.device)[0] * GPU_SHARE)


def _bytes_a_token(base: LoadedModel) -> int:
    config: Any = base.model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(2 * config.num_hidden_layers * heads * width * base.dtype.itemsize)
