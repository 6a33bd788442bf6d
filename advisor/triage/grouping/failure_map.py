"""The map of failures: a fixed projection to two dimensions, learned once from the exemplars.

A point depends on its own failure alone, so no point moves when others come or go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from advisor.errors import ModelError
from advisor.failures.features.registry import Array
from advisor.failures.head import MEND, head_path
from advisor.models.encoder import Encoder
from advisor.triage.grouping.kinds import SortedFailures

SHARPNESS = 2.0
"""An unsure failure lies between the modes that it may be, nearer to the likeliest."""
NUDGE = 0.012
"""How far apart failures that read alike are drawn, where the map is about 2 wide."""


@dataclass(frozen=True)
class Projection:
    """What turns failures into points."""

    anchors: Array
    """Where each mode lies, shape (12, 2)."""
    middle: Array
    """The mean sentence, shape (width,)."""
    spread: Array
    """Where a sentence lies around its mode, shape (width, 2)."""

    def place(
        self, sorted_failures: SortedFailures, keys: Sequence[str], ids: Sequence[str]
    ) -> Array:
        """Return one point a failure, shape (n, 2), each nudged by its own name and texts."""
        sure = sorted_failures.chances**SHARPNESS
        around = np.tanh((sorted_failures.rows - self.middle) @ self.spread)
        nudges = [_nudge(key, id) for key, id in zip(keys, ids, strict=True)]
        at_modes = sure / sure.sum(axis=1, keepdims=True) @ self.anchors
        return np.asarray(np.round(at_modes + REACH * around + np.array(nudges), 5))


REACH = 0.2
"""How far a sentence may carry a failure from the place of its mode."""


def _nudge(key: str, id: str) -> tuple[float, float]:
    """Return a small offset that spreads evenly over a disc."""
    drawn = hashlib.blake2b(f"{key}/{id}".encode("utf-8", "replace"), digest_size=8).digest()
    angle = 2 * np.pi * int.from_bytes(drawn[:4]) / 2**32
    radius = NUDGE * np.sqrt(int.from_bytes(drawn[4:]) / 2**32)
    return radius * float(np.cos(angle)), radius * float(np.sin(angle))


def projection_path(encoder: Encoder) -> Path:
    """Return where the projection of `encoder` lies: beside its trained head."""
    head = head_path(encoder)
    return head.with_name(head.name.replace("head", "map"))


def load_projection(encoder: Encoder) -> Projection:
    """Read the projection that was made for `encoder`.

    Raises:
        ModelError: it is missing, damaged, or was made for another encoder.
    """
    try:
        with safe_open(projection_path(encoder), framework="numpy") as file:
            names = ("anchors", "middle", "spread")
            arrays = [file.get_tensor(name).astype(float) for name in names]
            made_for = (file.metadata() or {}).get("encoder")
    except (OSError, SafetensorError):
        raise ModelError(f"The map of failures is missing or damaged. {MEND}") from None
    if made_for != encoder.identity:
        raise ModelError(f"The map of failures belongs to another encoder. {MEND}")
    return Projection(*arrays)
