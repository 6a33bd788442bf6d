"""What computes losses and gradients: own layers for models like Llama, transformers for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from advisor.core.process_memory import peak_memory
from advisor.models.lora.low_rank import Lora
from advisor.models.lora.packing import Pack, TrainingRow

Pulse = Callable[[], None]
"""Called several times a second while something is computed; it may raise to break off."""


class Engine(Protocol):
    """A model with an adapter that is being trained."""

    lora: Lora

    def packs(self, rows: Sequence[TrainingRow], places: Sequence[int]) -> Sequence[Pack]:
        """Put the rows at `places` together as they are best computed.

        Args:
            rows: all of them, always the same ones.
            places: which are wanted.
        """

    def loss(self, pack: Pack) -> Tensor:
        """Return the loss, summed over the tokens of the completions."""

    def refresh(self) -> None:
        """Take the adapter as it is now."""

    def close(self) -> None:
        """Leave the model as it was."""


def room_for_packs(device: torch.device) -> int:
    """Return how many bytes may be kept for the backward pass."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0] // 2)
    return 600_000_000


def peak_memory_on(device: torch.device) -> float:
    """Return the most megabytes that this process, or its share of the GPU, has ever taken."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    return peak_memory()
