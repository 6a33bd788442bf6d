import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from advisor.errors import ModelError
from advisor.models.base import LoadedModel
from advisor.models.lora import Training, load_adapter, save_adapter
from advisor.models.lora.adapter import CONFIG, WEIGHTS
from advisor.models.lora.fine_tune import open_engine
from advisor.models.lora.lora_settings import Depth, Modules

IDS = torch.tensor([[5, 9, 17, 33, 4, 80]])


def _written(folder: Path, base: LoadedModel, **settings: Any) -> Path:
    engine = open_engine(base, Training(rank=4, **settings), lambda: None)
    draw = torch.Generator().manual_seed(3)
    engine.lora.values.copy_(torch.randn(engine.lora.values.shape, generator=draw) * 0.1)
    folder.mkdir(exist_ok=True)
    save_adapter(folder, base, engine.lora)
    return folder


@pytest.fixture
def folder(tiny: LoadedModel, tmp_path: Path) -> Path:
    return _written(tmp_path / "adapter", tiny)


def _changed(folder: Path, **config: Any) -> None:
    path = folder / CONFIG
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | config), "utf-8")


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # PEFT 0.21
@pytest.mark.parametrize("modules", ["mlp", "all"])
@pytest.mark.parametrize("depth", ["whole", "upper"])
def test_peft_reads_it_and_answers_the_same(
    tiny: LoadedModel, tmp_path: Path, modules: Modules, depth: Depth
) -> None:
    folder = _written(tmp_path / "adapter", tiny, modules=modules, depth=depth)
    copied = copy.deepcopy(tiny.model)
    with torch.no_grad():
        plain, ours = tiny.model(IDS).logits, load_adapter(tiny, folder).model(IDS).logits
        theirs = PeftModel.from_pretrained(copied, folder).eval()
        torch.testing.assert_close(ours, theirs(IDS).logits, rtol=1e-4, atol=1e-4)
    assert float((ours - plain).abs().max()) > 0.1
    held = [name for name, _ in theirs.named_parameters() if "lora_" in name]
    assert len(held) == len(load_file(folder / WEIGHTS))


def test_the_base_model_stays_and_what_is_not_adapted_is_shared(
    tiny: LoadedModel, folder: Path
) -> None:
    before = {name: one.clone() for name, one in tiny.model.state_dict().items()}
    merged = load_adapter(tiny, folder)
    after, new = tiny.model.state_dict(), merged.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    own = {name for name in new if new[name].data_ptr() != after[name].data_ptr()}
    assert own == {name for name in new if ".mlp." in name}
    assert merged.identity != tiny.identity and merged.tokenizer is tiny.tokenizer


def test_weights_that_are_no_floats_keep_the_update_beside_them(
    tiny: LoadedModel, folder: Path
) -> None:
    class Whole(nn.Linear):
        """Weights in whole numbers, as far as possible from floats."""

        def forward(self, x: Tensor) -> Tensor:
            return functional.linear(x, self.weight / 64)

    base = replace(tiny, model=copy.deepcopy(tiny.model))
    rounded = replace(tiny, model=copy.deepcopy(tiny.model))
    for one, other in zip(base.model.modules(), rounded.model.modules(), strict=True):
        if isinstance(one, nn.Linear) and one is not base.model.lm_head:
            steps = (one.weight.detach() * 64).round()
            one.__class__ = Whole
            one.weight = nn.Parameter(steps.to(torch.int8), requires_grad=False)
            other.weight.data = steps / 64
    with torch.no_grad():
        found = load_adapter(base, folder).model(IDS).logits
        expected = load_adapter(rounded, folder).model(IDS).logits
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def _without(folder: Path) -> None:
    (folder / WEIGHTS).unlink()


def _pickled(folder: Path) -> None:
    torch.save({}, folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()


def _garbage(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(b"not a tensor")


def _no_config(folder: Path) -> None:
    (folder / CONFIG).unlink()


def _broken_config(folder: Path) -> None:
    (folder / CONFIG).write_text("[", "utf-8")


def _dora(folder: Path) -> None:
    _changed(folder, use_dora=True)


def _other_ranks(folder: Path) -> None:
    _changed(folder, rank_pattern={"up_proj": 2})


def _other_rank(folder: Path) -> None:
    _changed(folder, r=8)


def _tensors(folder: Path, change: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> None:
    tensors = load_file(folder / WEIGHTS)
    save_file(change(tensors), folder / WEIGHTS)


def _other_names(folder: Path) -> None:
    _tensors(folder, lambda old: {f"x.{name}": one for name, one in old.items()})


def _half(folder: Path) -> None:
    _tensors(folder, lambda old: dict(list(old.items())[1:]))


def _not_a_number(folder: Path) -> None:
    _tensors(folder, lambda old: {name: one * float("nan") for name, one in old.items()})


def _nothing(folder: Path) -> None:
    _tensors(folder, lambda old: {name: one * 0 for name, one in old.items()})


def _another_base(folder: Path) -> None:
    save_file(load_file(folder / WEIGHTS), folder / WEIGHTS, {"base_identity": "0" * 64})


REFUSALS = [
    (_without, "other formats can run code"),
    (_pickled, "other formats can run code"),
    (_garbage, "other formats can run code"),
    (_no_config, "has no adapter_config.json"),
    (_broken_config, "cannot be used"),
    (_dora, r"cannot be used \(use_dora\)"),
    (_other_ranks, r"cannot be used \(rank_pattern\)"),
    (_other_rank, "does not fit the base model at model.layers.0.mlp"),
    (_other_names, "has no linear map"),
    (_half, "does not fit"),
    (_not_a_number, "holds what is not a number"),
    (_nothing, "changes nothing"),
    (_another_base, "was trained on another base model"),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSALS, ids=[one.__name__ for one, _ in REFUSALS])
def test_what_is_no_adapter_of_this_model_is_refused(
    tiny: LoadedModel, folder: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(folder)
    with pytest.raises(ModelError, match=said):
        load_adapter(tiny, folder)


def test_an_adapter_written_by_another_tool_needs_no_note_of_its_base(
    tiny: LoadedModel, folder: Path
) -> None:
    _tensors(folder, lambda old: old)
    assert load_adapter(tiny, folder).model is not tiny.model
