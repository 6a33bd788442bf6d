"""The layers of a BERT encoder over packed tokens.

Importing `sentence_transformers` costs 5 to 8 s and `transformers.BertModel` 3.5 s (measured); six
layers need neither. Texts of equal length share one attention call, so nothing is padded, and a row
does not depend on which other texts were encoded beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import torch
from torch import Tensor
from torch.nn import functional

WIDTH, HEADS, LAYERS = 384, 12, 6
Linear = tuple[Tensor, Tensor]
Weights = Mapping[str, Tensor]
"""By the names of the published file."""


class BertLayers:
    """Six layers; safe to call from one thread at a time."""

    def __init__(self, weights: Weights, dtype: torch.dtype) -> None:
        """Take the weights; the layers compute in `dtype`, the sums between them in 32 bits."""
        self.dtype = dtype
        self.words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _pair(weights, "embeddings.LayerNorm", torch.float32)
        self._layers = [_EncoderLayer(weights, number, dtype) for number in range(LAYERS)]

    def states(
        self, ids: Tensor, counts: Sequence[tuple[int, int]], added: Tensor | None
    ) -> Tensor:
        """Return the last states of packed texts, shape (tokens, width), in 32 bits.

        Args:
            ids: the tokens of all texts, one after the other, the shortest text first.
            counts: (length, how many texts have it), in that order.
            added: what is added to each token's embedding, shape (tokens, width).
        """
        places = torch.cat([torch.arange(length).repeat(many) for length, many in counts])
        states = self.words[ids] + self._places[places]
        states = states if added is None else states + added
        states = functional.layer_norm(states, (WIDTH,), *self._norm, 1e-12).to(self.dtype)
        for layer in self._layers:
            states = layer(states, counts)
        return states.float()


def packed(lengths: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the order in which texts are packed, and (length, how many have it) in that order."""
    order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    counts = [
        (length, len(list(same))) for length, same in groupby(order, lambda place: lengths[place])
    ]
    return order, counts


def by_length(states: Tensor, counts: Sequence[tuple[int, int]]) -> list[Tensor]:
    """Return packed states as blocks of texts of one length, each (texts, length, width)."""
    pieces = torch.split(states, [length * many for length, many in counts])
    return [
        piece.view(many, length, -1) for piece, (length, many) in zip(pieces, counts, strict=True)
    ]


class _EncoderLayer:
    def __init__(self, weights: Weights, number: int, dtype: torch.dtype) -> None:
        name = f"encoder.layer.{number}"
        parts = [_pair(weights, f"{name}.attention.self.{part}", dtype) for part in _QKV]
        self.qkv = (torch.cat([w for w, _ in parts]), torch.cat([b for _, b in parts]))
        self.mix = _pair(weights, f"{name}.attention.output.dense", dtype)
        self.norm = _pair(weights, f"{name}.attention.output.LayerNorm", dtype)
        self.widen = _pair(weights, f"{name}.intermediate.dense", dtype)
        self.narrow = _pair(weights, f"{name}.output.dense", dtype)
        self.last = _pair(weights, f"{name}.output.LayerNorm", dtype)

    def __call__(self, states: Tensor, counts: Sequence[tuple[int, int]]) -> Tensor:
        mixed = functional.linear(self._attend(states, counts), *self.mix)
        states = functional.layer_norm(states + mixed, (WIDTH,), *self.norm, 1e-12)
        wide = functional.gelu(functional.linear(states, *self.widen))
        narrow = functional.linear(wide, *self.narrow)
        return functional.layer_norm(states + narrow, (WIDTH,), *self.last, 1e-12)

    def _attend(self, states: Tensor, counts: Sequence[tuple[int, int]]) -> Tensor:
        pieces = torch.split(functional.linear(states, *self.qkv), [a * b for a, b in counts])
        out = []
        for piece, (length, many) in zip(pieces, counts, strict=True):
            heads = piece.view(many, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
            seen = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2])
            out.append(seen.transpose(1, 2).reshape(many * length, WIDTH))
        return torch.cat(out)


_QKV = ("query", "key", "value")


def _pair(weights: Weights, name: str, dtype: torch.dtype) -> Linear:
    return weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype)
