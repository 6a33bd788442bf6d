"""Keys and values of many rows behind one prefix, which is kept once for all of them.

Letters: B rows, L columns (own tokens so far, padding included), P prefix tokens, K heads of keys,
D numbers a head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

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


class RowCache:
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
        """Forget all rows but these; one may be named several times."""
        self._layers = [
            (keys[rows.to(keys.device)], values[rows.to(values.device)])
            for keys, values in self._used()
        ]

    def join(self, others: Sequence[RowCache]) -> None:
        """Set the rows of others below these; all end in the same column."""
        columns = max(one.columns for one in (self, *others))
        self._layers = [
            (
                _below([keys for keys, _ in layer], columns),
                _below([own for _, own in layer], columns),
            )
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
