"""The encoder tuned to whole failures: low-rank changes to its layers, and a small head."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from advisor.failures.record.reading import HIDDEN
from advisor.failures.record.tokens import KINDS, RecordTokens
from advisor.models.bert import LAYERS, WIDTH, BertLayers, Weights, by_length, packed

RANK = 32
LINEARS = tuple(
    f"encoder.layer.{number}.{name}"
    for number in range(LAYERS)
    for name in (
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    )
)
NORMS = tuple(
    f"encoder.layer.{number}.{name}.LayerNorm"
    for number in range(LAYERS)
    for name in ("attention.output", "output")
)


def merged(weights: Weights, changes: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the encoder's weights with the low-rank changes added (LoRA, arXiv 2106.09685)."""
    out = dict(weights)
    for name in LINEARS:
        added = changes[f"{name}.up"] @ changes[f"{name}.down"]
        out[f"{name}.weight"] = weights[f"{name}.weight"] + added
        out[f"{name}.bias"] = weights[f"{name}.bias"] + changes[f"{name}.bias"]
    for name in NORMS:
        for part in ("weight", "bias"):
            out[f"{name}.{part}"] = weights[f"{name}.{part}"] + changes[f"{name}.{part}"]
    return out


class RecordNetwork:
    """Reads rows of tokens; also while it is being trained, since all of it is differentiable."""

    def __init__(self, weights: Weights, changes: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        """Put `changes` over the published weights."""
        self._layers = BertLayers(merged(weights, changes), dtype)
        self._changes = changes

    def means(self, rows: Sequence[RecordTokens]) -> Tensor:
        """Return the means over the tokens of each row and part, shape (n, kinds, width)."""
        order, counts = packed([len(row.ids) for row in rows])
        ids = torch.tensor([one for place in order for one in rows[place].ids])
        parts = torch.tensor([one for place in order for one in rows[place].parts])
        which = functional.one_hot(parts, KINDS).float()
        states = self._layers.states(ids, counts, which @ self._changes["parts"])
        which = torch.cat([torch.ones(len(parts), 1), which[:, 1:]], dim=1)
        means = [
            torch.bmm(one.transpose(1, 2), block) / one.sum(1).clamp(min=1)[..., None]
            for block, one in zip(by_length(states, counts), by_length(which, counts), strict=True)
        ]
        back = torch.empty(len(rows), dtype=torch.long)
        back[order] = torch.arange(len(rows))
        return torch.cat(means)[back]

    def hidden(self, means: Tensor) -> Tensor:
        """Return what the scores are made from, each between -1 and 1, shape (n, hidden)."""
        return torch.tanh(self._linear("hidden", means.flatten(1)))

    def scores(self, means: Tensor, dropped: float = 0.0) -> Tensor:
        """Return the score of each mode, before they are made to sum to 1, shape (n, modes).

        Args:
            means: as `means` returns them.
            dropped: share of hidden values that are dropped, in training.
        """
        return self._linear("modes", functional.dropout(self.hidden(means), dropped))

    def _linear(self, name: str, values: Tensor) -> Tensor:
        weight, bias = (self._changes[f"{name}.{part}"] for part in ("weight", "bias"))
        return functional.linear(values, weight, bias)


def untrained(weights: Weights, modes: int, seed: int) -> dict[str, Tensor]:
    """Return changes that change nothing yet, and a random head."""
    source = torch.Generator().manual_seed(seed)

    def random(rows: int, columns: int) -> Tensor:
        return torch.randn(rows, columns, generator=source) / math.sqrt(columns)

    changes = {"parts": torch.zeros(KINDS, WIDTH)}
    for name in LINEARS:
        out, wide = weights[f"{name}.weight"].shape
        changes |= {f"{name}.down": random(RANK, wide), f"{name}.up": torch.zeros(out, RANK)}
        changes[f"{name}.bias"] = torch.zeros(out)
    for name in NORMS:
        changes |= {f"{name}.{part}": torch.zeros(WIDTH) for part in ("weight", "bias")}
    for name, out, wide in (("hidden", HIDDEN, KINDS * WIDTH), ("modes", modes, HIDDEN)):
        changes |= {f"{name}.weight": random(out, wide), f"{name}.bias": torch.zeros(out)}
    return changes
