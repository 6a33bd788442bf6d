"""Where a base model runs, and in which numbers: the first place that has room for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

import psutil
import torch
from safetensors import safe_open

from advisor.errors import ModelError
from advisor.models.minilm import fast_type

SPARE = 1.2
"""Times the weights: what a model takes with its activations and its keys and values."""


@dataclass(frozen=True)
class Room:
    """How large a model is, and what the machine has free; bytes."""

    weights: int
    """Numbers in the weights."""
    gpus: tuple[int, ...]
    memory: int
    cpu_type: torch.dtype
    four_bits: bool
    """Whether bitsandbytes is there."""

    def needs(self, bytes_each: float) -> float:
        """Return the bytes that the model takes with so many for each number."""
        return self.weights * bytes_each * SPARE

    @cached_property
    def widest(self) -> int:
        """The GPU with most free memory."""
        return max(range(len(self.gpus)), key=self.gpus.__getitem__)


@dataclass(frozen=True)
class LoadingPlace:
    """One way to load a model."""

    name: str
    fits: Callable[[Room], bool]
    dtype: Callable[[Room], torch.dtype]
    options: Callable[[Room], Mapping[str, Any]]
    """What `from_pretrained` is told."""


def _four_bits(room: Room) -> Mapping[str, Any]:
    from transformers import BitsAndBytesConfig  # heavy: transformers

    make: Callable[..., Any] = BitsAndBytesConfig
    wanted = make(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
    )
    return {"device_map": {"": room.widest}, "quantization_config": wanted}


PLACES = (
    LoadingPlace(
        "one GPU",
        lambda room: bool(room.gpus) and room.needs(2) <= max(room.gpus),
        lambda room: torch.bfloat16,
        lambda room: {"device_map": {"": room.widest}},
    ),
    LoadingPlace(
        "several GPUs",
        lambda room: len(room.gpus) > 1 and room.needs(2) <= sum(room.gpus),
        lambda room: torch.bfloat16,
        lambda room: {"device_map": "auto"},
    ),
    LoadingPlace(
        "one GPU, 4 bits",
        lambda room: bool(room.gpus) and room.four_bits and room.needs(0.6) <= max(room.gpus),
        lambda room: torch.bfloat16,
        _four_bits,
    ),
    LoadingPlace(
        "CPU",
        lambda room: room.needs(room.cpu_type.itemsize) <= room.memory,
        lambda room: room.cpu_type,
        lambda room: {},
    ),
)


def place_for(room: Room) -> LoadingPlace:
    """Return the first place with room.

    Raises:
        ModelError: there is none.
    """
    for place in PLACES:
        if place.fits(room):
            return place
    raise ModelError(
        f"The base model needs about {room.needs(2) / 1e9:,.1f} GB of memory; this machine has "
        f"{max((room.memory, *room.gpus)) / 1e9:,.1f} GB free. Name a smaller one in "
        "ADVISOR_BASE_MODEL, or free some"
    )


def room_for(folder: Path) -> Room:
    """Return how large the model in `folder` is and what is free now."""
    gpus = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    return Room(
        sum(_numbers(path) for path in sorted(folder.glob("*.safetensors"))),
        tuple(torch.cuda.mem_get_info(one)[0] for one in gpus),
        psutil.virtual_memory().available,
        fast_type(),
        find_spec("bitsandbytes") is not None,
    )


def _numbers(path: Path) -> int:
    with safe_open(path, "pt") as file:
        return sum(prod(file.get_slice(name).get_shape()) for name in file.keys())
