"""Layers like Llama's with low-rank updates, written for short training runs.

Every row of a step lies in one line of tokens behind the prefix that all share; nothing is padded
but inside attention; the last layer goes on with the tokens that must say what comes next. Checked
against transformers' own modules in the tests: same losses, same gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel

from advisor.models.base import LoadedModel
from advisor.models.lora.engine import Pulse, room_for_packs
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.low_rank import Factors, LinearMap, Lora, chosen_maps, linear_maps
from advisor.models.lora.low_rank_products import (
    Product,
    gate_product,
    norm_product,
    plain_product,
    rotate,
)
from advisor.models.lora.packed_attention import AttentionPlan, Heads, attend
from advisor.models.lora.packing import Pack, TrainingRow, packed, shared_prefix
from advisor.models.lora.word_loss import word_loss

KNOWN = ("LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM")
ANGLES = ("default", "linear", "llama3")
"""Kinds of rotary positions that do not depend on how long a row is."""
GROUPS = (
    ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    ("self_attn.o_proj",),
    ("mlp.gate_proj", "mlp.up_proj"),
    ("mlp.down_proj",),
)
"""Maps of a layer that read the same input."""
KEPT = 500_000_000
"""Bytes of activations that are kept where the layers below do not change."""


def speaks_llama(model: PreTrainedModel) -> bool:
    """Tell whether the layers of `model` can be computed here: float weights, in one place."""
    if type(model).__name__ not in KNOWN:
        return False
    config: Any = model.config
    narrow = getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True)
    return (
        config.hidden_act == "silu"
        and config.rope_parameters["rope_type"] in ANGLES
        and not narrow
        and len({parameter.device for parameter in model.parameters()}) == 1
        and all(_multiplies(linear) for linear in linear_maps(model).values())
    )


def _multiplies(module: nn.Module) -> bool:
    """Tell whether it is a plain linear map; one in 4 bits is not."""
    return type(module) is nn.Linear and module.weight.is_floating_point()


class _Layer:
    """One layer; frozen where it has no factors."""

    def __init__(self, layer: Any, heads: Heads, factors: dict[str, Factors], pulse: Pulse) -> None:
        self.heads = heads
        self.norms = (layer.input_layernorm, layer.post_attention_layernorm)
        made = []
        for names in GROUPS:
            maps = [layer.get_submodule(name) for name in names]
            weights = [linear.weight.detach() for linear in maps]
            biases = [None if linear.bias is None else linear.bias.detach() for linear in maps]
            made.append(Product(weights, biases, factors.get(names[0]), pulse))
        self.products = tuple(made)

    def __call__(
        self, x: Tensor, angles: tuple[Tensor, Tensor], plan: AttentionPlan, asking: Tensor | None
    ) -> Tensor:
        """Return the states after this layer, (T, width), or only those `asking`, (n, width)."""
        qkv, out, gate_up, down = self.products
        read = self._attend(_normed(x, self.norms[0], qkv), angles, plan)
        if asking is not None:
            x, read = x.index_select(0, asking), read.index_select(0, asking)
        x = plain_product(read, x, out, *out.leaves)
        both = _normed(x, self.norms[1], gate_up)
        return gate_product(both, x, down, *down.leaves)

    def _attend(self, qkv: Tensor, angles: tuple[Tensor, Tensor], plan: AttentionPlan) -> Tensor:
        heads = self.heads
        of_q, of_k = heads.queries * heads.width, heads.keys * heads.width
        turning, value = torch.split(qkv, [of_q + of_k, of_k], 1)
        turned = rotate(turning.view(len(qkv), -1, heads.width), *angles)
        query, key = torch.split(turned.view(len(qkv), -1), [of_q, of_k], 1)
        return attend(query, key, value, heads, plan)


def _normed(x: Tensor, norm: Any, product: Product) -> Tensor:
    weight, eps = norm.weight.detach(), norm.variance_epsilon
    return norm_product(x, weight, eps, product, *product.leaves)


class LlamaEngine:
    """A model like Llama with an adapter that is being trained; the model itself stays as it is."""

    def __init__(self, base: LoadedModel, settings: Training, pulse: Pulse) -> None:
        """Copy the weights that are adapted, and make an adapter that changes nothing."""
        self._model: Any = base.model
        config: Any = base.model.config
        width = (
            getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        )
        keys = config.num_key_value_heads
        self._heads = Heads(keys, config.num_attention_heads // keys, width)
        self._device = base.device
        self.lora = Lora(_grouped(chosen_maps(base.model, settings)), settings, base.device)
        self._layers = self._opened(pulse)
        self._first = min(linear.layer for linear in self.lora.maps)
        self._room = room_for_packs(base.device)
        self.prefix: tuple[int, ...] | None = None
        """What all rows begin with; worked out from the first rows if it is not given."""
        self._kept: dict[int, Tensor] = {}

    def _opened(self, pulse: Pulse) -> list[_Layer]:
        by_layer: dict[int, dict[str, Factors]] = {}
        for factors in self.lora.factors:
            first = factors.maps[0]
            name = first.name.split(f".{first.layer}.", 1)[1]
            by_layer.setdefault(first.layer, {})[name] = factors
        return [
            _Layer(layer, self._heads, by_layer.get(number, {}), pulse)
            for number, layer in enumerate(self._model.model.layers)
        ]

    def refresh(self) -> None:
        """Take the adapter as it is now."""
        for layer in self._layers:
            for product in layer.products:
                product.refresh()

    def close(self) -> None:
        """Leave the model as it was: nothing of it was changed."""

    def packs(self, rows: Sequence[TrainingRow], places: Sequence[int]) -> Sequence[Pack]:
        """Put the rows at `places` behind the prefix that all rows share."""
        if self.prefix is None:
            self.prefix = shared_prefix(rows)
        return tuple(packed(rows, places, self.prefix, self._room // self._bytes_each))

    @property
    def _bytes_each(self) -> int:
        """Bytes that one token takes until the backward pass, in all layers that have one."""
        config: Any = self._model.config
        numbers = 8 * config.hidden_size + 3 * config.intermediate_size + 512 * self._heads.queries
        return int(numbers * (len(self._layers) - self._first) * self._model.dtype.itemsize)

    def loss(self, pack: Pack) -> Tensor:
        """Return the loss, summed over the tokens of the completions."""
        asking = pack.asking.to(self._device)
        plan = AttentionPlan(pack, self._device)
        angles = self._angles(pack)
        with torch.no_grad():
            x = self._entered(pack, angles, plan)
        again = pack.size * self._bytes_each > self._room and torch.is_grad_enabled()
        for layer in self._layers[self._first :]:
            ends = asking if layer is self._layers[-1] else None
            given = (x, angles, plan, ends)
            x = checkpoint(layer, *given, use_reentrant=False) if again else layer(*given)
        norm = self._model.model.norm
        x = functional.rms_norm(x, x.shape[1:], norm.weight.detach(), norm.variance_epsilon)
        words = self._model.lm_head.weight.detach()
        return word_loss(x, words, pack.labels.to(self._device))

    def _angles(self, pack: Pack) -> tuple[Tensor, Tensor]:
        like = torch.empty(0, dtype=self._model.dtype, device=self._device)
        cos, sin = self._model.model.rotary_emb(like, pack.positions[None].to(self._device))
        return cos[0, :, None], sin[0, :, None]

    def _entered(self, pack: Pack, angles: tuple[Tensor, Tensor], plan: AttentionPlan) -> Tensor:
        """Return the states where the first adapted layer begins; they never change."""
        places = [row.place for row in pack.rows]
        parts = [self._kept.get(place) for place in ([-1] if pack.prefix else []) + places]
        if self._first and all(part is not None for part in parts):
            return torch.cat([part for part in parts if part is not None])
        x = functional.embedding(pack.ids.to(self._device), self._model.model.embed_tokens.weight)
        for layer in self._layers[: self._first]:
            x = layer(x, angles, plan, None)
        if self._first:
            self._keep(pack, x)
        return x

    def _keep(self, pack: Pack, x: Tensor) -> None:
        if sum(one.nbytes for one in self._kept.values()) + x.nbytes > KEPT:
            return
        prefix, *rows = torch.split(x, [len(pack.prefix), *pack.lengths])
        self._kept[-1] = prefix.clone()
        self._kept |= {row.place: kept.clone() for row, kept in zip(pack.rows, rows, strict=True)}


def _grouped(maps: Sequence[LinearMap]) -> list[tuple[LinearMap, ...]]:
    """Put maps of one layer that read the same input together."""
    groups: dict[tuple[int, int], list[LinearMap]] = {}
    for one in maps:
        ends = (place for place, names in enumerate(GROUPS) if one.name.endswith(names))
        groups.setdefault((one.layer, next(ends)), []).append(one)
    return [tuple(one) for one in groups.values()]
