"""Keys and values of many rows behind one prefix, which is kept once for all of them.

Every module of transformers that asks `AttentionInterface` for its attention can be driven with it:
the cache hands over the rows' own keys and values, and `attend` reads the prefix beside them. It is
ordinary attention over both, in another order of the same sums; nothing is approximated.

Letters: B rows, S new tokens, L columns (own tokens so far, padding included), P prefix tokens, K
heads of keys, each read by G heads of queries, D numbers a head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import eager_mask

NAME = "advisor_shared_prefix"
_ROOM = 32
"""Columns that are made room for at a time."""

Layer = tuple[Tensor, Tensor]
"""Keys and values of one layer."""


@dataclass(frozen=True)
class Prefix:
    """What all rows begin with."""

    length: int = 0
    layers: tuple[Layer, ...] = ()
    """Each (K, P, D)."""


class Memory:
    """The rows' own keys and values, each (B, K, L, D); stands where transformers puts a cache."""

    def __init__(self) -> None:
        """Begin with no column."""
        self.columns = 0
        self._layers: list[Layer] = []

    def update(self, keys: Tensor, values: Tensor, layer: int, *_: Any, **__: Any) -> Layer:
        """Add the new columns of a layer, and return all of it."""
        if layer == len(self._layers):
            self._layers.append((_room(keys), _room(values)))
        elif self._layers[layer][0].shape[2] < self.columns + keys.shape[2]:
            old = self._layers[layer]
            self._layers[layer] = (_room(keys, old[0]), _room(values, old[1]))
        end = self.columns + keys.shape[2]
        kept = self._layers[layer]
        for all_of, new in zip(kept, (keys, values), strict=True):
            all_of[:, :, self.columns : end] = new
        return kept[0][:, :, :end], kept[1][:, :, :end]

    def get_seq_length(self, layer: int = 0) -> int:
        """Return how many columns there are; transformers asks."""
        return self.columns

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self._layers = [(keys[rows], values[rows]) for keys, values in self._used()]

    def join(self, others: Sequence[Memory]) -> None:
        """Set the rows of others below these; all end in the same column."""
        columns = max(one.columns for one in (self, *others))
        self._layers = [
            tuple(_below(parts, columns) for parts in zip(*layer, strict=True))
            for layer in zip(*(one._used() for one in (self, *others)), strict=True)
        ]
        self.columns = columns

    def as_prefix(self, before: Prefix) -> Prefix:
        """Return the one row that is here, behind what it began with, as a prefix."""
        own = [(keys[0], values[0]) for keys, values in self._used()]
        if before.layers:
            own = [
                (torch.cat([old[0], new[0]], 1), torch.cat([old[1], new[1]], 1))
                for old, new in zip(before.layers, own, strict=True)
            ]
        layers = tuple((keys.contiguous(), values.contiguous()) for keys, values in own)
        return Prefix(before.length + self.columns, layers)

    def _used(self) -> list[Layer]:
        return [(k[:, :, : self.columns], v[:, :, : self.columns]) for k, v in self._layers]


def _below(parts: Sequence[Tensor], columns: int) -> Tensor:
    out = parts[0].new_zeros(
        sum(len(part) for part in parts), parts[0].shape[1], columns, parts[0].shape[3]
    )
    row = 0
    for part in parts:
        out[row : row + len(part), :, columns - part.shape[2] :] = part
        row += len(part)
    return out


def _room(new: Tensor, old: Tensor | None = None) -> Tensor:
    have = 0 if old is None else old.shape[2]
    rows, heads, many, width = new.shape
    room = new.new_empty(rows, heads, have + have // 4 + many + _ROOM, width)
    if old is not None:
        room[:, :, :have] = old
    return room


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    prefix: Sequence[Layer] = (),
    **_: Any,
) -> tuple[Tensor, None]:
    """Return what each query reads from the prefix and from its own row, (B, S, K·G, D)."""
    rows, heads, new, width = query.shape
    kept, columns = key.shape[1:3]
    folded = (query * scaling).reshape(rows, kept, heads // kept * new, width)
    scores = folded @ key.transpose(2, 3)
    if attention_mask is not None:
        apart = scores.view(rows, kept, heads // kept, new, columns)
        scores = (apart + attention_mask[:, :, None]).view_as(scores)
    if prefix:
        far_keys, far_values = prefix[module.layer_idx]
        far = _rows_last(folded) @ far_keys.transpose(1, 2)
        scores = torch.cat([_rows_first(far, rows), scores], -1)
    weights = torch.softmax(scores, -1, torch.float32).to(query.dtype)
    out = weights[..., -columns:] @ value
    if prefix:
        out = out + _rows_first(_rows_last(weights[..., :-columns]) @ far_values, rows)
    return out.view(rows, heads, new, width).transpose(1, 2), None


def _rows_last(folded: Tensor) -> Tensor:
    """Turn (B, K, N, X) into (K, B·N, X), so that all rows read the prefix in one product."""
    return folded.transpose(0, 1).flatten(1, 2)


def _rows_first(folded: Tensor, rows: int) -> Tensor:
    return folded.unflatten(1, (rows, -1)).transpose(0, 1)


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, eager_mask)  # where others ask the model meanwhile


@contextmanager
def shared_attention(model: PreTrainedModel) -> Iterator[None]:
    """Let `model` attend with `attend` meanwhile; one thread at a time."""
    before = model.config._attn_implementation
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(before)
