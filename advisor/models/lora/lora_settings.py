"""How a base model is fine-tuned with low-rank adapters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advisor.core.strict import Strict

RATES = ((300e6, 1e-3), (1e9, 5e-4), (float("inf"), 2e-4))
"""Learning rate for models of up to so many numbers: 10 to 15 times that of full fine-tuning for a
short run, and smaller for larger models ("LoRA Without Regret", Schulman 2025)."""

Modules = Literal["mlp", "all"]
"""`mlp`: the feed-forward maps, where LoRA gains most and forgets least for its time (PEFT's own
comparison of methods: rank 10 there 49.4 % right, rank 32 on attention 47.8 %). `all`: every
linear map of a layer."""
Depth = Literal["whole", "upper"]
"""`whole`: all layers. `upper`: the upper half; what the frozen half computes is kept."""


class Training(Strict):
    """Settings of one training run; the defaults suit a few hundred short examples."""

    rank: int = Field(16, ge=1, le=256, description="Rank of the update of each linear map.")
    alpha: float = Field(
        32, gt=0, le=1024, description="The update counts alpha / rank times.", allow_inf_nan=False
    )
    modules: Modules = Field("mlp", description="Which linear maps are adapted: mlp or all.")
    depth: Depth = Field("whole", description="Which layers are adapted: whole or upper.")
    learning_rate: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = Field(
        None, description="Highest learning rate; by the size of the model if left out."
    )
    warm_up: float = Field(
        0.05, ge=0, lt=1, description="Share of the steps over which the rate rises from zero."
    )
    clip: float = Field(
        1.0, gt=0, description="Longer gradients are shortened to this norm.", allow_inf_nan=False
    )
    epochs: int = Field(3, ge=1, le=100, description="Times that each example is seen, at most.")
    batch: int = Field(8, ge=1, le=1024, description="Examples in a step.")
    held_out: float = Field(
        0.1, ge=0, le=0.5, description="Share of the examples that says when to stop; 0: none."
    )
    patience: int = Field(
        1, ge=1, le=100, description="Epochs without a better loss there, then training stops."
    )
    longest: int = Field(
        2_048, ge=16, le=131_072, description="Tokens of an example; a longer one is cut."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Decides the start and the order.")

    def rate(self, parameters: int) -> float:
        """Return the highest learning rate for a model with so many numbers."""
        by_size = next(rate for most, rate in RATES if parameters <= most)
        return self.learning_rate or by_size
