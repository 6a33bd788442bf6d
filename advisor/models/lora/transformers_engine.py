"""Any causal language model of transformers with low-rank updates, through its own modules.

Rows are padded side by side; the word scores are computed at the end of the rows alone, where the
completions are.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from advisor.models.base import LoadedModel
from advisor.models.lora.engine import Pulse, room_for_packs
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.low_rank import Factors, Lora, chosen_maps
from advisor.models.lora.packing import Pack, TrainingRow, packed


class UpdatedLinear(nn.Module):
    """A linear map, of any kind of numbers, with its update beside it."""

    def __init__(self, inner: nn.Module, factors: Factors, pulse: Pulse) -> None:
        """Stand in for `inner`."""
        super().__init__()
        self.inner = inner
        self._factors = (factors.a, factors.b, factors.scale)
        self._pulse = pulse

    def forward(self, x: Tensor) -> Tensor:
        """Return what the map returns, plus the update."""
        self._pulse()
        a, b, scale = self._factors
        low = functional.linear(x, a.to(x.device, x.dtype))
        out: Tensor = self.inner(x) + functional.linear(low, b.to(x.device, x.dtype)) * scale
        if out.requires_grad:
            out.register_hook(lambda grad: self._pulse())  # type: ignore[no-untyped-call]
        return out


class TransformersEngine:
    """A model with an adapter inside; `close` takes it out again."""

    def __init__(self, base: LoadedModel, settings: Training, pulse: Pulse) -> None:
        """Put an adapter that changes nothing into the model."""
        self._model: Any = base.model
        self._device = base.device
        self._padding = int(base.tokenizer.pad_token_id or 0)
        self._room = room_for_packs(base.device)
        self.ends_only = "logits_to_keep" in inspect.signature(base.model.forward).parameters
        maps = chosen_maps(base.model, settings)
        self.lora = Lora([(linear,) for linear in maps], settings, base.device)
        self._before = {linear.name: base.model.get_submodule(linear.name) for linear in maps}
        for parameter in base.model.parameters():
            parameter.requires_grad_(False)
        for factors in self.lora.factors:
            name = factors.maps[0].name
            self._model.set_submodule(name, UpdatedLinear(self._before[name], factors, pulse))

    def refresh(self) -> None:
        """Nothing to do: the modules read the adapter itself."""

    def close(self) -> None:
        """Leave the model as it was."""
        for name, module in self._before.items():
            self._model.set_submodule(name, module)

    def packs(self, rows: Sequence[TrainingRow], places: Sequence[int]) -> Sequence[Pack]:
        """Put rows of about the same length together; nothing is shared."""
        by_length = sorted(places, key=lambda place: (rows[place].tokens, place))
        return tuple(packed(rows, by_length, (), self._room // self._bytes_each))

    @property
    def _bytes_each(self) -> int:
        config: Any = self._model.config.get_text_config()
        each = 40 * config.hidden_size * config.num_hidden_layers
        return int(each * self._model.dtype.itemsize)

    def loss(self, pack: Pack) -> Tensor:
        """Return the loss, summed over the tokens of the completions."""
        longest = max(pack.lengths)
        asked = max(len(row.labels) for row in pack.rows)
        ids = torch.full((len(pack.rows), longest), self._padding)
        real = torch.zeros_like(ids)
        labels = torch.full((len(pack.rows), asked), -100)
        for place, row in enumerate(pack.rows):  # padded on the left, so that all rows end together
            ids[place, longest - len(row.ids) :] = torch.tensor(row.ids)
            real[place, longest - len(row.ids) :] = 1
            labels[place, asked - len(row.labels) :] = torch.tensor(row.labels)
        scores = self._scores(ids.to(self._device), real.to(self._device), asked)
        flat = labels.flatten().to(scores.device)
        return functional.cross_entropy(scores.flatten(0, 1).float(), flat, reduction="sum")

    def _scores(self, ids: Tensor, real: Tensor, asked: int) -> Tensor:
        """Return the word scores of the last `asked` tokens, (rows, asked, V)."""
        # whole numbers, not a count: the last states are copied, and their product is a plain one
        ends = torch.arange(ids.shape[1] - asked, ids.shape[1], device=ids.device)
        some: dict[str, Any] = {"logits_to_keep": ends} if self.ends_only else {}
        positions = (real.cumsum(1) - 1).clamp_min(0)
        out = self._model(
            input_ids=ids, attention_mask=real, position_ids=positions, use_cache=False, **some
        )
        scores: Tensor = out.logits
        return scores if self.ends_only else scores[:, -asked:]
