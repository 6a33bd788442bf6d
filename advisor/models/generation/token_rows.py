"""Rows of tokens that a model reads side by side, behind one prefix."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from advisor.models.base import LoadedModel
from advisor.models.endpoint import Stop, never
from advisor.models.generation.prefix_attention import Past, hidden
from advisor.models.generation.prefix_cache import Prefix, RowCache

SCORES = 2**23
"""Numbers in the attention scores of one layer at most; longer inputs are read in parts."""
PART = 1_024
"""Tokens that are read at once: enough to keep a processor busy, and soon done."""
_PLAIN = (DynamicLayer, DynamicSlidingWindowLayer)


class Stopped(Exception):
    """Somebody said to stop."""


class TokenRows:
    """Some rows; each keeps its own tokens, and its place behind the prefix.

    Rows of different lengths end in the same column: the shorter ones are padded on the left, and
    what is padding is never read.
    """

    def __init__(self, base: LoadedModel, many: int, prefix: Prefix, stop: Stop = never) -> None:
        """Begin with `many` rows that have read the prefix and nothing else."""
        self._base = base
        self._prefix = prefix
        self._stop = stop
        self._memory = RowCache()
        self._lengths = torch.full((many, 1), self._prefix.length, device=base.device)
        self._real = torch.ones(many, 0, dtype=torch.bool, device=base.device)
        self._places = torch.ones(many, 0, dtype=torch.long, device=base.device)
        self._padding = int(base.tokenizer.pad_token_id or 0)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._lengths)

    def feed(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Read more tokens, any number in each row; return the logits of the next, (B, words).

        Raises:
            Stopped: `stop` says so.
        """
        longest = max(len(row) for row in tokens)
        padded = [[self._padding] * (longest - len(row)) + list(row) for row in tokens]
        real = [[False] * (longest - len(row)) + [True] * len(row) for row in tokens]
        ids = torch.tensor(padded, device=self._base.device)
        kept = torch.tensor(real, device=self._base.device)
        step = self._step()
        for start in range(0, longest, step):
            if self._stop():
                raise Stopped
            out = self._read(ids[:, start : start + step], kept[:, start : start + step])
        return out

    def keep(self, rows: Sequence[int]) -> None:
        """Forget all rows but these; one may be named several times."""
        chosen = torch.tensor(rows, device=self._base.device)
        self._memory.keep(chosen)
        self._lengths = self._lengths[chosen]
        self._real, self._places = self._real[chosen], self._places[chosen]

    def join(self, others: Sequence[TokenRows]) -> None:
        """Set the rows of others below these."""
        together = (self, *others)
        self._real = _stacked([one._real for one in together])
        self._places = _stacked([one._places for one in together])
        self._lengths = torch.cat([one._lengths for one in together])
        self._memory.join([one._memory for one in others])

    def as_prefix(self) -> Prefix:
        """Return what the one row that is here has read."""
        return self._memory.as_prefix(self._prefix)

    def _step(self) -> int:
        config: Any = self._base.model.config.get_text_config()
        seen = self._prefix.length + self._memory.columns + 256
        scores = SCORES // (len(self) * int(config.num_attention_heads) * seen)
        return max(min(scores, PART // len(self)), 16)

    @torch.inference_mode()
    def _read(self, ids: Tensor, kept: Tensor) -> Tensor:
        counted = kept.long().cumsum(1)
        places = (self._lengths + counted - 1).clamp_min(0)
        self._real = torch.cat([self._real, kept], 1)
        self._places = torch.cat([self._places, places], 1)
        model: Any = self._base.model
        out = model(
            input_ids=ids,
            attention_mask=self._mask(ids.shape[1]),
            position_ids=places,
            past_key_values=self._memory,
            use_cache=True,
            logits_to_keep=1,
            past=Past(self._prefix, places, self._places),
        )
        self._memory.columns += ids.shape[1]
        self._lengths = self._lengths + counted[:, -1:]
        logits: Tensor = out.logits
        return logits[:, -1]

    def _mask(self, new: int) -> Tensor:
        """Return what is added to the scores, (B, 1, new, columns)."""
        columns = self._real.shape[1]
        order = torch.arange(columns, device=self._real.device)
        seen = order <= order[columns - new :, None]
        allowed = (self._real[:, None] & seen)[:, None]
        return hidden(~allowed, self._base.dtype)


def _stacked(parts: Sequence[Tensor]) -> Tensor:
    """Set one (B, L) below the other, all ending in the same column."""
    columns = max(part.shape[1] for part in parts)
    return torch.cat([functional.pad(part, (columns - part.shape[1], 0)) for part in parts])


def can_share(model: PreTrainedModel) -> bool:
    """Tell whether rows of a model can be read side by side behind one prefix.

    It must ask transformers' interface for its attention, keep nothing but keys and values, and
    have no attention sinks.
    """
    layers = DynamicCache(config=model.config).layers
    sinks = any(name.endswith(".sinks") for name, _ in model.named_parameters())
    asks = model._supports_attention_backend and not model._is_stateful
    return asks and not sinks and all(type(layer) in _PLAIN for layer in layers)


class SingleRows:
    """Rows that are read one after the other, each as `generate` lets it."""

    def __init__(self, base: LoadedModel, many: int, stop: Stop) -> None:
        """Begin with `many` rows that have read nothing."""
        self._base, self._stop = base, stop
        config = base.model.config
        self._caches = [DynamicCache(config=config) for _ in range(many)]

    def feed(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Read more tokens, any number in each row; return the logits of the next, (B, words).

        Raises:
            Stopped: `stop` says so.
        """
        return torch.cat([
            self._read(row, cache) for row, cache in zip(tokens, self._caches, strict=True)
        ])

    def keep(self, rows: Sequence[int]) -> None:
        """Forget all rows but these; one may be named several times."""
        self._caches = [deepcopy(self._caches[row]) for row in rows]

    @torch.inference_mode()
    def _read(self, tokens: Sequence[int], cache: Any) -> Tensor:
        if self._stop():
            raise Stopped
        model: Any = self._base.model
        ids = torch.tensor([tokens], device=self._base.device)
        out = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        logits: Tensor = out.logits
        return logits[:, -1]
