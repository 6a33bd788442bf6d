"""One row at a time, with the model's own cache: for models that keep more than keys and values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from advisor.models.base import Base
from advisor.models.endpoint import Stop
from advisor.pilot.answering.rows import Stopped

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
    """One row that reads as `generate` lets it."""

    def __init__(self, base: Base, stop: Stop) -> None:
        """Begin with nothing read."""
        self._base, self._stop = base, stop
        self._cache: Any = None

    @torch.inference_mode()
    def feed(self, tokens: Sequence[Sequence[int]]) -> Tensor:
        """Read more tokens; return the logits of the next, (1, words).

        Raises:
            Stopped: `stop` says so.
        """
        if self._stop():
            raise Stopped
        model: Any = self._base.model
        ids = torch.tensor(tokens, device=self._base.device)
        self._cache = self._cache or DynamicCache(config=model.config)
        out = model(input_ids=ids, past_key_values=self._cache, use_cache=True, logits_to_keep=1)
        logits: Tensor = out.logits
        return logits[:, -1]

    def keep(self, rows: Sequence[int]) -> None:
        """Keep the one row that there is."""
