"""How much memory was used at most."""

from __future__ import annotations

import resource
import sys

import torch

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts."""


def peak_memory(device: torch.device) -> float:
    """Return the most megabytes that this process, or its share of the GPU, has ever taken."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6
