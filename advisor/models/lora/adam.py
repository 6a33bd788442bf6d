"""Adam on one tensor (Kingma and Ba 2014, arXiv:1412.6980), and the course of the learning rate."""

from __future__ import annotations

import math

import torch
from torch import Tensor

DECAY, DECAY_OF_SQUARES, TINY = 0.9, 0.999, 1e-8


class Adam:
    """Moves `values` against `grads`, which somebody else fills."""

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


def share_of_rate(step: int, steps: int, warm_up: float) -> float:
    """Return the share of the highest rate in step `step`, counted from 0, of `steps`.

    It rises in a line over the first share of the steps, then falls along half a cosine
    (Loshchilov and Hutter 2016, arXiv:1608.03983).
    """
    rising = math.ceil(warm_up * steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    return (1 + math.cos(math.pi * (step - rising) / (steps - rising))) / 2
