from dataclasses import replace
from typing import Any

import pytest
import torch
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
)

from advisor.errors import ModelError
from advisor.models.base import LoadedModel
from advisor.models.lora import Training
from advisor.models.lora.packing import TrainingRow
from advisor.models.lora.transformers_engine import TransformersEngine

SIZES = {
    "vocab_size": 60,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
MODELS = {
    "gpt-neox": (GPTNeoXForCausalLM, GPTNeoXConfig(**SIZES)),
    "gemma 2": (
        Gemma2ForCausalLM,
        Gemma2Config(**SIZES, num_key_value_heads=2, head_dim=8, final_logit_softcapping=3.0),
    ),
}
ROWS = [
    TrainingRow((3, 4, 5, 6), (7, 8)),
    TrainingRow((3, 9), (10, 11, 12)),
    TrainingRow((13,), (14,)),
]


def _base(tiny: LoadedModel, kind: Any, config: Any) -> LoadedModel:
    torch.manual_seed(8)
    return replace(tiny, model=kind(config).eval())


@pytest.mark.parametrize("name", MODELS)
def test_its_loss_is_that_of_each_row_alone(tiny: LoadedModel, name: str) -> None:
    base = _base(tiny, *MODELS[name])
    expected = 0.0
    with torch.no_grad():
        for row in ROWS:
            scores = base.model(torch.tensor([[*row.prompt, *row.completion]])).logits[0]
            chances = scores.log_softmax(-1)[len(row.prompt) - 1 :]
            expected -= sum(float(chances[at, one]) for at, one in enumerate(row.completion))
    engine = TransformersEngine(base, Training(), lambda: None)
    packs = engine.packs(ROWS, [0, 1, 2])
    assert sum(float(engine.loss(pack).detach()) for pack in packs) == pytest.approx(
        expected, rel=1e-5
    )
    engine.close()


def test_it_learns_and_leaves_the_model_as_it_was(tiny: LoadedModel) -> None:
    base = _base(tiny, *MODELS["gpt-neox"])
    before = {name: one.clone() for name, one in base.model.state_dict().items()}
    engine = TransformersEngine(base, Training(modules="all", rank=2), lambda: None)
    assert len(engine.lora.maps) == 2 * 4
    (pack,) = engine.packs(ROWS, [0, 1, 2])
    losses = []
    for _ in range(3):
        engine.lora.grads.zero_()
        loss = engine.loss(pack)
        loss.backward()
        losses.append(float(loss.detach()))
        engine.lora.values -= 0.02 * engine.lora.grads
    assert losses[2] < losses[1] < losses[0]
    engine.close()
    after = base.model.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_model_without_linear_maps_is_refused(tiny: LoadedModel) -> None:
    config = GPT2Config(n_embd=32, n_layer=1, n_head=2, vocab_size=60)
    with pytest.raises(ModelError, match="no linear maps"):
        TransformersEngine(_base(tiny, GPT2LMHeadModel, config), Training(), lambda: None)
