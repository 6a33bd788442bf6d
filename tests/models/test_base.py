"""Base models are found on this machine alone, and refused with a mend where they cannot serve."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_model import CONTEXT, tiny_folder  # noqa: E402  the tests of a pilot own it

from advisor.errors import ModelError
from advisor.models.base import load_base
from advisor.models.base_folder import identity_of
from advisor.models.base_place import Room, place_for


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy of a small base model, to be spoilt."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def test_a_folder_can_be_named_by_setting(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_BASE_MODEL", str(folder))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n", "utf-8")
    base = load_base(dtype=torch.float32)
    assert (base.name, base.licence, base.context) == (str(folder), "mit", CONTEXT)
    assert (base.dtype, base.device.type, base.model.training) == (torch.float32, "cpu", False)
    assert not home.exists()


def test_a_model_in_the_local_cache_is_found_by_its_id(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    cached = tmp_path / "hub" / "models--team--chat"
    shutil.copytree(folder, cached / "snapshots" / "abc123")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc123", "utf-8")
    assert load_base("team/chat").identity == identity_of(folder)
    with pytest.raises(ModelError, match=r"hf download team/other .*accept the terms"):
        load_base("team/other")


def test_each_load_is_apart(folder: Path) -> None:
    one, other = load_base(str(folder)), load_base(str(folder))
    one.model.get_input_embeddings().weight.data.zero_()
    assert other.model.get_input_embeddings().weight.data.any()


def test_the_identity_is_of_weights_and_tokenizer(folder: Path, tmp_path: Path) -> None:
    found = {identity_of(folder)}
    shutil.copytree(folder, tmp_path / "moved")
    assert identity_of(tmp_path / "moved") in found
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"][0] += 1
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    found.add(identity_of(folder))
    text = (folder / "tokenizer_config.json").read_text("utf-8")
    (folder / "tokenizer_config.json").write_text(text.replace("1024", "512"), "utf-8")
    found.add(identity_of(folder))
    assert len(found) == 3


def config(**values: Any) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        given = json.loads((folder / "config.json").read_text("utf-8")) | values
        (folder / "config.json").write_text(json.dumps(given), "utf-8")

    return spoil


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def fewer(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def adapter(folder: Path) -> None:
    (folder / "config.json").rename(folder / "adapter_config.json")


def own_code(folder: Path) -> None:
    ran = folder / "ran"
    (folder / "modeling.py").write_text(f"open({str(ran)!r}, 'w')", "utf-8")
    config(model_type="theirs", auto_map={"AutoConfig": "modeling.C"})(folder)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (own_code, "ships code of its own, which is never run here"),
        (pickled, "can run code when it is opened.*safetensors"),
        (cut, "cannot be loaded"),
        (fewer, "lacks 1 of its weights"),
        (adapter, "is an adapter"),
        (lambda folder: (folder / "model.safetensors").unlink(), "has no weights"),
        (lambda folder: (folder / "config.json").unlink(), "has no config.json"),
        (lambda folder: (folder / "config.json").write_text("[" * 99_999), "cannot be read"),
        (lambda folder: (folder / "config.json").write_bytes(b"\xff{"), "cannot be read"),
        (lambda folder: (folder / "chat_template.jinja").unlink(), "has no chat template"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "cannot be loaded"),
        (config(model_type="unheard_of"), "transformers does not know"),
        (config(model_type="vit"), "no causal language model"),
        (config(hidden_size=65), "cannot be loaded"),
    ],
)
def test_what_cannot_serve_is_refused(
    spoil: Callable[[Path], None], what: str, folder: Path
) -> None:
    spoil(folder)
    with pytest.raises(ModelError, match=what) as refused:
        load_base(str(folder))
    line = str(refused.value)
    assert "\n" not in line and str(folder) in line
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("name", ["no-such-model", "../../no/where", "a/b/c", "x" * 5000, "a\0b"])
def test_what_is_no_model_at_all_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="neither a folder"):
        load_base(name)


GB = 10**9


def room(
    numbers: float, gpus: tuple[float, ...] = (), memory: float = 16, four: bool = False
) -> Room:
    sizes = tuple(int(one * GB) for one in gpus)
    return Room(int(numbers * GB), sizes, int(memory * GB), torch.float32, four)


@pytest.mark.parametrize(
    ("given", "name", "dtype"),
    [
        (room(0.135), "CPU", torch.float32),
        (room(8, (24,)), "one GPU", torch.bfloat16),
        (room(8, (12, 12), four=True), "several GPUs", torch.bfloat16),
        (room(8, (8,), four=True), "one GPU, 4 bits", torch.bfloat16),
        (room(1, (1,)), "CPU", torch.float32),
    ],
)
def test_the_first_place_with_room_is_taken(given: Room, name: str, dtype: torch.dtype) -> None:
    place = place_for(given)
    assert (place.name, place.dtype(given)) == (name, dtype)


def test_the_gpu_with_most_room_is_taken() -> None:
    given = room(1, (2, 9, 4))
    assert place_for(given).options(given) == {"device_map": {"": 1}}


def test_a_model_that_is_too_large_is_refused() -> None:
    with pytest.raises(ModelError, match=r"needs about 168.0 GB .* has 24.0 GB free"):
        place_for(room(70, (24,)))
