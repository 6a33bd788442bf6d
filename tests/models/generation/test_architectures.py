"""Models of many kinds answer as in a plain loop, side by side where they can be, else alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation import write
from advisor.models.generation.token_rows import can_share

SMALL: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 1024,
    "initializer_range": 0.3,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
}
NARROW = {"sliding_window": 48}
SIDE_BY_SIDE: dict[str, dict[str, Any]] = {
    "qwen3": {},
    "mistral": NARROW,
    "gemma2": NARROW | {"query_pre_attn_scalar": 16},
    "gemma3_text": NARROW | {"sliding_window_pattern": 2},
    "phi3": {"sliding_window": None},
    "smollm3": {},
}
ALONE: dict[str, dict[str, Any]] = {
    "gpt_oss": NARROW | {"num_local_experts": 2, "num_experts_per_tok": 1, "rope_scaling": None},
    "lfm2": {"full_attn_idxs": [1], "block_ff_dim": 96},
    "stablelm": {},
}
PROMPTS = [
    [Message("system", "Be nice. " * 40), Message("user", "x" * (n * 5) + f" question {n // 2}")]
    for n in range(4)
]


@pytest.mark.parametrize("kind", [*SIDE_BY_SIDE, *ALONE])
def test_answers_are_those_of_a_plain_loop(tiny: LoadedModel, kind: str) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        options = SMALL | {"vocab_size": len(tiny.tokenizer)} | (SIDE_BY_SIDE | ALONE)[kind]
        model = AutoModelForCausalLM.from_config(CONFIG_MAPPING[kind](**options)).eval()
    base = replace(tiny, model=model, identity=kind)
    assert can_share(model) is (kind in SIDE_BY_SIDE)
    found = dict(write(base, PROMPTS, max_new_tokens=8))
    assert [found[place].text for place in range(len(PROMPTS))] == [
        _plain(base, messages) for messages in PROMPTS
    ]


def _plain(base: LoadedModel, messages: list[Message]) -> str:
    tokens = base.tokenizer.apply_chat_template(
        [one._asdict() for one in messages], return_tensors="pt", add_generation_prompt=True
    )
    found = base.model.generate(**tokens, max_new_tokens=8, do_sample=False)[0]
    new = found[tokens["input_ids"].shape[1] :]
    return str(base.tokenizer.decode(new, skip_special_tokens=True))
