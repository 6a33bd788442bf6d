"""Attention to a prefix that all rows share, and to what each row has of its own.

Every module of transformers that asks `AttentionInterface` for its attention can be driven with it:
the cache hands over the rows' own keys and values, and the prefix is read beside them. It is
ordinary attention over both, in another order of the same sums; nothing is approximated.

Letters: B rows, S new tokens, L columns (own tokens so far, padding included), P prefix tokens, K
heads of keys, each read by G heads of queries, D numbers a head.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import eager_mask

from advisor.models.generation.prefix_cache import Prefix

NAME = "advisor_shared_prefix"


@dataclass(frozen=True)
class Past:
    """What a reading of new tokens needs to know of what was read before."""

    prefix: Prefix
    asking: Tensor
    """Places of the new tokens, (B, S), counted from the beginning of the prompt."""
    own: Tensor
    """Places of the columns, (B, L)."""


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    past: Past | None = None,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Return what each query reads from the prefix and from its own row, (B, S, K·G, D).

    Args:
        module: the layer that asks; `past` holds the prefix of each.
        query: (B, K·G, S, D).
        key: (B, K, L, D).
        value: (B, K, L, D).
        attention_mask: what is added to the scores of the columns, (B, 1, S, L).
        scaling: what scores are multiplied with.
        past: None where others ask the model meanwhile.
        sliding_window: how many tokens back a query sees, in layers that see so little.
        softcap: the size beyond which scores are flattened.
    """
    rows, heads, new, width = query.shape
    folded = (query * scaling).reshape(rows, key.shape[1], -1, width)  # (B, K, G·S, D)
    scores = _capped(folded @ key.transpose(2, 3), softcap)
    scores = _masked(scores, attention_mask, new)
    prefix = past.prefix.layers[module.layer_idx] if past and past.prefix.layers else None
    if past and sliding_window:
        scores = _masked(scores, _too_far(past.asking, past.own, sliding_window, query), new)
    if past and prefix:
        far = _capped(_by_row(_by_head(folded) @ prefix[0].transpose(1, 2), rows), softcap)
        if sliding_window:
            places = torch.arange(past.prefix.length, device=past.asking.device)[None]
            far = _masked(far, _too_far(past.asking, places, sliding_window, query), new)
        scores = torch.cat([far, scores], -1)
    weights = torch.softmax(scores, -1, torch.float32).to(query.dtype)
    columns = key.shape[2]
    out = weights[..., -columns:] @ value
    if prefix:
        out = out + _by_row(_by_head(weights[..., :-columns]) @ prefix[1], rows)
    return out.reshape(rows, heads, new, -1).transpose(1, 2), None


def _capped(scores: Tensor, most: float | None) -> Tensor:
    return scores if most is None else torch.tanh(scores / most) * most


def _masked(scores: Tensor, mask: Tensor | None, new: int) -> Tensor:
    """Add (B, 1, S, X) to (B, K, G·S, X)."""
    if mask is None:
        return scores
    rows, heads, _, columns = scores.shape
    apart = scores.reshape(rows, heads, -1, new, columns)
    return (apart + mask[:, :, None]).flatten(2, 3)


def _too_far(asking: Tensor, places: Tensor, window: int, like: Tensor) -> Tensor | None:
    """Return what hides the places that lie behind the window; None if none does."""
    behind = asking[:, :, None] - places[:, None] >= window
    return hidden(behind[:, None], like.dtype).to(like.device) if behind.any() else None


def hidden(which: Tensor, dtype: torch.dtype) -> Tensor:
    """Return what is added to scores so that some count for nothing, even if added twice."""
    least = torch.finfo(dtype).min / 2
    return torch.zeros_like(which, dtype=dtype).masked_fill_(which, least)


def _by_head(folded: Tensor) -> Tensor:
    """Turn (B, K, N, X) into (K, B·N, X), so that all rows read the prefix in one product."""
    return folded.transpose(0, 1).flatten(1, 2)


def _by_row(folded: Tensor, rows: int) -> Tensor:
    heads, _, wide = folded.shape
    return folded.reshape(heads, rows, -1, wide).transpose(0, 1)


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
