"""The course of a training run: which examples stand in a step, at what rate, and Adam itself."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from advisor.models.lora.lora_settings import Training

DECAY, DECAY_OF_SQUARES, TINY = 0.9, 0.999, 1e-8
FEWEST_HELD_OUT = 5
"""Fewer examples say nothing about when to stop; then none is held out."""


class HoldOutSplit(NamedTuple):
    """Which examples are trained on, and which say when to stop."""

    fit: tuple[int, ...]
    held_out: tuple[int, ...]


def hold_out(many: int, settings: Training) -> HoldOutSplit:
    """Hold out a share of the examples, drawn by the seed."""
    order = _shuffled(many, settings.seed)
    out = round(settings.held_out * many)
    out = out if out >= FEWEST_HELD_OUT else 0
    return HoldOutSplit(tuple(sorted(order[out:])), tuple(sorted(order[:out])))


def _shuffled(many: int, seed: int) -> list[int]:
    draw = torch.Generator().manual_seed(seed)
    found: list[int] = torch.randperm(many, generator=draw).tolist()
    return found


class StepPlan(NamedTuple):
    """Which examples stand in which step."""

    split: HoldOutSplit
    settings: Training

    @property
    def each(self) -> int:
        """Steps in an epoch."""
        return math.ceil(len(self.split.fit) / self.settings.batch)

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.each * self.settings.epochs

    def batch(self, step: int) -> list[int]:
        """Return the places of the examples in step `step`, counted from 0."""
        epoch, place = divmod(step, self.each)
        fit, size = self.split.fit, self.settings.batch
        order = _shuffled(len(fit), self.settings.seed + 1_000_003 * (epoch + 1))
        return [fit[one] for one in order[place * size : (place + 1) * size]]


def share_of_rate(step: int, steps: int, warm_up: float) -> float:
    """Return the share of the highest rate in step `step`, counted from 0, of `steps`.

    It rises in a line over the first share of the steps, then falls along half a cosine
    (Loshchilov and Hutter 2016, arXiv:1608.03983).
    """
    rising = math.ceil(warm_up * steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    return (1 + math.cos(math.pi * (step - rising) / (steps - rising))) / 2


class Adam:
    """Moves `values` against `grads`, which somebody else fills (Kingma and Ba 2014, 1412.6980)."""

    def __init__(self, values: Tensor, grads: Tensor) -> None:
        """Begin without any experience."""
        self.values = values
        self.grads = grads
        self.first = torch.zeros_like(values)
        self.second = torch.zeros_like(values)

    def step(self, number: int, rate: float, clip: float) -> bool:
        """Take a step; take none and return False if a gradient is no number.

        Args:
            number: which step it is, counted from 1.
            rate: learning rate of this step.
            clip: gradients are shortened to this norm.
        """
        norm = float(torch.linalg.vector_norm(self.grads))
        if not math.isfinite(norm):
            return False
        self.grads.mul_(min(clip / max(norm, TINY), 1.0))
        self.first.lerp_(self.grads, 1 - DECAY)
        self.second.mul_(DECAY_OF_SQUARES)
        self.second.addcmul_(self.grads, self.grads, value=1 - DECAY_OF_SQUARES)
        spread = (self.second / (1 - DECAY_OF_SQUARES**number)).sqrt_().add_(TINY)
        self.values.addcdiv_(self.first, spread, value=-rate / (1 - DECAY**number))
        return True
