from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from advisor.models.base import LoadedModel
from advisor.models.lora import Training
from advisor.models.lora.engine import Engine
from advisor.models.lora.fine_tune import open_engine
from advisor.models.lora.llama_layers import LlamaEngine
from advisor.models.lora.packing import TrainingRow
from advisor.models.lora.transformers_engine import TransformersEngine

Computed = tuple[float, dict[str, tuple[Tensor, Tensor]]]
"""Loss, and the gradients of A and B by map."""
SIZES: dict[str, Any] = {
    "vocab_size": 90,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10_000.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
MODELS = {
    "llama": (LlamaForCausalLM, LlamaConfig(**SIZES, tie_word_embeddings=True)),
    "llama 3, biased": (
        LlamaForCausalLM,
        LlamaConfig(**SIZES, rope_parameters=LLAMA3, attention_bias=True, mlp_bias=True),
    ),
    "mistral": (MistralForCausalLM, MistralConfig(**SIZES, sliding_window=None, head_dim=16)),
    "qwen 2": (Qwen2ForCausalLM, Qwen2Config(**SIZES)),
}
SETTINGS = [
    Training(rank=4, modules="mlp"),
    Training(rank=4, modules="all"),
    Training(rank=4, modules="mlp", depth="upper"),
    Training(rank=4, modules="all", depth="upper"),
]


def _model(kind: Any, config: Any) -> PreTrainedModel:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = kind(config).eval()
        for name, one in model.named_parameters():
            if name.endswith("bias") or "norm" in name:
                one.data.add_(torch.randn(one.shape) * 0.3)
    return model


def _base(tiny: LoadedModel, kind: Any, config: Any) -> LoadedModel:
    return replace(tiny, model=_model(kind, config), dtype=torch.float32)


def _rows(shared: int = 9) -> list[TrainingRow]:
    draw = torch.Generator().manual_seed(6)

    def some(many: int) -> tuple[int, ...]:
        return tuple(torch.randint(0, 90, (many,), generator=draw).tolist())

    prefix = some(shared)
    return [TrainingRow(prefix + some(3 + 2 * n), some(1 + n)) for n in range(4)]


def _perturbed(engine: Engine) -> Engine:
    """Factors that change the model, the same ones in every engine."""
    for one, a, b in engine.lora.named():
        draw = torch.Generator().manual_seed(sum(one.name.encode()))
        a.copy_(torch.randn(a.shape, generator=draw) * 0.2)
        b.copy_(torch.randn(b.shape, generator=draw) * 0.2)
    engine.refresh()
    return engine


def _computed(engine: Engine, rows: list[TrainingRow], times: int = 1) -> Computed:
    """Loss and gradients over all rows, by map."""
    total = 0.0
    for _ in range(times):
        engine.lora.grads.zero_()
        losses = [engine.loss(pack) for pack in engine.packs(rows, range(len(rows)))]
        sum(losses).backward()
        total = sum(float(one.detach()) for one in losses)
    found = {}
    for factors in engine.lora.factors:
        for one, outer, inner in factors.blocks:
            found[one.name] = (factors.a.grad[inner].clone(), factors.b.grad[outer].clone())
    return total, found


def _assert_same(ours: Any, plain: Any) -> None:
    assert ours[0] == pytest.approx(plain[0], rel=1e-5)
    assert ours[1].keys() == plain[1].keys()
    for name in plain[1]:
        for one, other in zip(ours[1][name], plain[1][name], strict=True):
            assert float((one - other).norm()) < 1e-3 * float(other.norm()), name


def _both(
    base: LoadedModel, settings: Training, rows: list[TrainingRow]
) -> tuple[Computed, Computed]:
    ours = _computed(_perturbed(LlamaEngine(base, settings, lambda: None)), rows)
    plain = _perturbed(TransformersEngine(base, settings, lambda: None))
    try:
        return ours, _computed(plain, rows)
    finally:
        plain.close()


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: f"{one.modules}-{one.depth}")
@pytest.mark.parametrize("name", MODELS)
def test_loss_and_gradients_are_those_of_transformers(
    tiny: LoadedModel, name: str, settings: Training
) -> None:
    base = _base(tiny, *MODELS[name])
    assert isinstance(open_engine(base, settings, lambda: None), LlamaEngine)
    ours, plain = _both(base, settings, _rows())
    _assert_same(ours, plain)


def test_rows_that_share_nothing(tiny: LoadedModel) -> None:
    base = _base(tiny, *MODELS["llama"])
    rows = _rows(shared=0)
    ours, plain = _both(base, SETTINGS[0], rows)
    _assert_same(ours, plain)


@pytest.mark.parametrize("settings", SETTINGS[1:3], ids=lambda one: f"{one.modules}-{one.depth}")
def test_small_packs_and_layers_computed_again_change_nothing(
    tiny: LoadedModel, settings: Training
) -> None:
    base = _base(tiny, *MODELS["llama"])
    engine = _perturbed(LlamaEngine(base, settings, lambda: None))
    whole = _computed(engine, _rows())
    engine._room = engine._bytes_each * 12
    packs = engine.packs(_rows(), range(4))
    assert len(packs) == 4 and all(pack.size > 12 for pack in packs[1:])
    _assert_same(_computed(engine, _rows()), whole)


def test_what_the_frozen_half_computes_is_kept_and_gives_the_same(tiny: LoadedModel) -> None:
    base = _base(tiny, *MODELS["llama"])
    engine = _perturbed(LlamaEngine(base, SETTINGS[2], lambda: None))
    first = _computed(engine, _rows())
    lower = engine._layers[: engine._first]
    assert engine._first == 1 and len(engine._kept) == 1 + 4
    engine._layers = [None, *engine._layers[1:]]
    assert lower and _computed(engine, _rows())[0] == first[0]


def test_a_step_changes_nothing_in_the_model(tiny: LoadedModel) -> None:
    base = _base(tiny, *MODELS["llama"])
    before = {name: one.clone() for name, one in base.model.state_dict().items()}
    _computed(_perturbed(LlamaEngine(base, SETTINGS[1], lambda: None)), _rows())
    after = base.model.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_in_16_bits_it_is_as_near_as_transformers(tiny: LoadedModel) -> None:
    base = _base(tiny, *MODELS["llama"])
    rough = replace(base, model=_model(*MODELS["llama"]).to(torch.bfloat16), dtype=torch.bfloat16)
    exact, _ = _both(base, SETTINGS[1], _rows())
    ours, plain = _both(rough, SETTINGS[1], _rows())

    def distance(found: Any) -> float:
        pairs = [(found[1][name], exact[1][name]) for name in exact[1]]
        return sum(float((a - b).norm()) for two in pairs for a, b in zip(*two, strict=True))

    assert ours[0] == pytest.approx(exact[0], rel=0.01)
    assert distance(ours) < 1.2 * distance(plain)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (Qwen3ForCausalLM, Qwen3Config(**SIZES, head_dim=8)),
        (MistralForCausalLM, MistralConfig(**SIZES, sliding_window=64)),
        (LlamaForCausalLM, LlamaConfig(**SIZES, hidden_act="gelu")),
    ],
    ids=["norms of heads", "sliding window", "another gate"],
)
def test_what_it_does_not_know_goes_through_transformers(
    tiny: LoadedModel, kind: Any, config: Any
) -> None:
    engine = open_engine(_base(tiny, kind, config), SETTINGS[0], lambda: None)
    assert isinstance(engine, TransformersEngine)
    engine.close()
