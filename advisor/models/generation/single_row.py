"""One row at a time, with the model's own cache: for models that keep more than keys and values."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from advisor.models.base import LoadedModel
from advisor.models.endpoint import Stop
from advisor.models.generation.token_rows import Stopped

_PLAIN = (DynamicLayer, DynamicSlidingWindowLayer)


def can_share(model: PreTrainedModel) -> bool:
    """Tell whether rows of a model can be read side by side behind one prefix.

    It must ask transformers' interface for its attention, keep nothing but keys and values, and
    have no attention sinks.
    """
    layers = DynamicCache(config=model.config).layers
    sinks = any(name.endswith(".sinks") for name, _ in model.named_parameters())
    asks = model._supports_attention_backend and not model._is_stateful
    return asks and not sinks and all(type(layer) in _PLAIN for layer in layers)


class Alone:
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
