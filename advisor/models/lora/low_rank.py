"""Low-rank updates of linear maps: W + (alpha / rank) B A (Hu et al. 2021, arXiv:2106.09685).

All A and B are views of one float32 tensor, whatever numbers the model computes in: Adam loses
small updates in bfloat16, and one tensor makes the optimiser a single pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor, nn

from advisor.errors import ModelError
from advisor.models.lora.lora_settings import Modules, Training

FEED_FORWARD = re.compile(
    r"(^|\.)(mlp|ffn|feed_forward|feedforward|fc\d|w[123]|dense_h_to_4h|dense_4h_to_h)(\.|$)"
)
_LAYER = re.compile(r"\.(\d+)\.")


class LinearMap(NamedTuple):
    """One linear map of a model."""

    name: str
    """Where it stands: `model.layers.3.mlp.up_proj`."""
    outer: int
    inner: int

    @property
    def layer(self) -> int:
        """The number of its layer."""
        found = _LAYER.search(self.name)
        return int(found[1]) if found else 0


@dataclass(frozen=True, eq=False)
class Factors:
    """The updates of n maps that read the same input."""

    maps: tuple[LinearMap, ...]
    a: Tensor
    """(n rank, in)."""
    b: Tensor
    """(sum of out, rank)."""
    scale: float

    @property
    def blocks(self) -> Iterator[tuple[LinearMap, slice, slice]]:
        """Each map with its rows of `b` and its rows of `a`."""
        rank = self.b.shape[1]
        ends = accumulate((linear.outer for linear in self.maps), initial=0)
        for place, (one, start) in enumerate(zip(self.maps, ends, strict=False)):
            yield one, slice(start, start + one.outer), slice(place * rank, (place + 1) * rank)


class Lora:
    """The updates of a whole model."""

    def __init__(
        self, groups: Sequence[Sequence[LinearMap]], settings: Training, device: torch.device
    ) -> None:
        """Make room for all groups of maps, and begin with updates that change nothing."""
        rank = settings.rank
        shapes = [
            shape
            for maps in groups
            for shape in (
                (len(maps) * rank, maps[0].inner),
                (sum(linear.outer for linear in maps), rank),
            )
        ]
        sizes = [rows * columns for rows, columns in shapes]
        self.rank = rank
        self.alpha = settings.alpha
        self.values = torch.zeros(sum(sizes), device=device)
        self.grads = torch.zeros_like(self.values)
        parts = zip(
            *(torch.split(one, sizes) for one in (self.values, self.grads)), shapes, strict=True
        )
        leaves = iter([_leaf(value.view(shape), grad.view(shape)) for value, grad, shape in parts])
        self.factors = tuple(
            Factors(tuple(maps), next(leaves), next(leaves), settings.alpha / rank)
            for maps in groups
        )
        self._begin(settings.seed)

    @torch.no_grad()
    def _begin(self, seed: int) -> None:
        """A is uniform within 1 / sqrt(in), as in PEFT, so that results compare; B is zero."""
        draw = torch.Generator().manual_seed(seed)
        for group in self.factors:
            bound = group.a.shape[1] ** -0.5
            group.a.copy_(torch.empty(group.a.shape).uniform_(-bound, bound, generator=draw))

    @property
    def maps(self) -> tuple[LinearMap, ...]:
        """Every map that is adapted."""
        return tuple(linear for factors in self.factors for linear in factors.maps)

    def named(self) -> Iterator[tuple[LinearMap, Tensor, Tensor]]:
        """Each map with its A, (rank, in), and its B, (out, rank)."""
        for factors in self.factors:
            for one, outer, inner in factors.blocks:
                yield one, factors.a.detach()[inner], factors.b.detach()[outer]


def _leaf(value: Tensor, grad: Tensor) -> Tensor:
    leaf = value.detach().requires_grad_()
    leaf.grad = grad  # gradients are added up in place, so all of them end up in one tensor
    return leaf


def linear_maps(model: nn.Module) -> dict[str, nn.Linear]:
    """Return every linear map inside the layers, by name; the one onto words is none of them."""
    head = model.get_output_embeddings()  # type: ignore[operator]
    return {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not head and _LAYER.search(f".{name}")
    }


def chosen_maps(model: nn.Module, settings: Training) -> tuple[LinearMap, ...]:
    """Return the maps to adapt, in the order of the model.

    Raises:
        ModelError: the model has none.
    """
    found = linear_maps(model)
    maps = [LinearMap(name, one.out_features, one.in_features) for name, one in found.items()]
    wanted = _wanted(maps, settings.modules)
    if not wanted:
        raise ModelError(
            "The base model has no linear maps that could be adapted. Name another one in "
            "ADVISOR_BASE_MODEL"
        )
    layers = 1 + max(one.layer for one in wanted)
    first = layers // 2 if settings.depth == "upper" else 0
    return tuple(one for one in wanted if one.layer >= first)


def _wanted(maps: Sequence[LinearMap], modules: Modules) -> Sequence[LinearMap]:
    within = (
        [linear for linear in maps if FEED_FORWARD.search(linear.name)] if modules == "mlp" else []
    )
    return within or maps
