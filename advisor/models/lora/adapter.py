"""An adapter as PEFT lays it out: written after training, and merged into a copy of its base model.

`peft.PeftModel.from_pretrained`, vLLM and the like read the same two files.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from advisor.core.files import write_whole
from advisor.errors import ModelError
from advisor.models.base import LoadedModel
from advisor.models.lora.low_rank import Factors, LinearMap, Lora, linear_maps
from advisor.models.lora.transformers_engine import UpdatedLinear

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
_SMALL = 1_000_000
"""Bytes of a configuration; one that is larger is none."""
_IDENTITY = "base_identity"
_ENTRY = re.compile(r"base_model\.model\.(.{1,300})\.lora_([AB])\.weight")


class Config(BaseModel):
    """What is read of a configuration; what is not known and would change the result is refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    peft_type: Literal["LORA"]
    r: int = Field(ge=1, le=4_096)
    lora_alpha: float = Field(gt=0, allow_inf_nan=False)
    use_rslora: bool = False
    use_dora: Literal[False] = False
    fan_in_fan_out: Literal[False] = False
    bias: Literal["none"] = "none"
    modules_to_save: None = None
    rank_pattern: dict[str, int] = Field(default={}, max_length=0)
    alpha_pattern: dict[str, float] = Field(default={}, max_length=0)

    @property
    def scale(self) -> float:
        """How often the update counts."""
        return self.lora_alpha / (math.sqrt(self.r) if self.use_rslora else self.r)


def save_adapter(folder: Path, base: LoadedModel, lora: Lora) -> None:
    """Write an adapter into `folder`.

    Raises:
        InputError: it cannot be written there.
    """
    weights = {}
    for one, a, b in lora.named():
        weights[f"base_model.model.{one.name}.lora_A.weight"] = a.cpu().contiguous()
        weights[f"base_model.model.{one.name}.lora_B.weight"] = b.cpu().contiguous()
    # one entry only: safetensors writes several in any order, and the same run gives the same file
    write_whole(folder / WEIGHTS, save(weights, {_IDENTITY: base.identity}))
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base.name,
        "r": lora.rank,
        "lora_alpha": int(lora.alpha) if lora.alpha == int(lora.alpha) else lora.alpha,
        "lora_dropout": 0.0,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        **_targets(lora.maps, linear_maps(base.model)),
    }
    write_whole(folder / CONFIG, json.dumps(config, indent=2).encode())


def _targets(maps: tuple[LinearMap, ...], found: Mapping[str, object]) -> dict[str, Any]:
    """Name the maps as briefly as PEFT allows: by their last part, if need be in some layers."""
    names = {linear.name for linear in maps}
    ends = sorted({name.rpartition(".")[2] for name in names})
    meant = {LinearMap(name, 0, 0) for name in found if name.rpartition(".")[2] in ends}
    layers = sorted({linear.layer for linear in maps})
    if {one.name for one in meant} == names:
        return {"target_modules": ends}
    if {one.name for one in meant if one.layer in layers} == names:
        return {"target_modules": ends, "layers_to_transform": layers}
    return {"target_modules": sorted(names)}


def load_adapter(base: LoadedModel, folder: Path) -> LoadedModel:
    """Return a copy of `base` with the adapter in `folder` merged in; what it leaves is shared.

    Weights in floating point get the update added in 32 bits; others keep it beside them.

    Raises:
        ModelError: it is no LoRA adapter in safetensors, does not fit, or changes nothing.
    """
    config = _config(folder)
    pairs = _pairs(base, folder, config.r)
    modules = linear_maps(base.model)
    shared = {id(parameter): parameter for parameter in base.model.parameters()} | {
        id(one): one for one in base.model.buffers()
    }
    model = copy.deepcopy(base.model, shared)
    changed = False
    for name, (a, b) in pairs.items():
        merged, differs = _merged(modules[name], a, b, config.scale)
        model.set_submodule(name, merged)
        changed = changed or differs
    if not changed:
        raise _unfit(folder, "changes nothing in the base model", "Train it again, for longer")
    with (folder / WEIGHTS).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    both = hashlib.sha256(f"{base.identity}:{digest}".encode()).hexdigest()
    return replace(base, model=model, identity=both)


def _unfit(folder: Path, what: str, mend: str = "Give the folder of a LoRA adapter") -> ModelError:
    return ModelError(f"The adapter in {folder} {what}. {mend}")


def _config(folder: Path) -> Config:
    try:
        with (folder / CONFIG).open("rb") as file:
            return Config.model_validate_json(file.read(_SMALL))
    except OSError:
        raise _unfit(folder, f"has no {CONFIG} that can be read") from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        what = f"has a {CONFIG} that cannot be used ({where or 'no JSON object'})"
        raise _unfit(folder, what, "Give a plain LoRA adapter, as PEFT writes it") from None


def _pairs(base: LoadedModel, folder: Path, rank: int) -> dict[str, tuple[Tensor, Tensor]]:
    """Return A and B of each map, checked against the base model."""
    found, identity = _tensors(folder)
    if identity not in {None, base.identity}:
        raise _unfit(folder, "was trained on another base model", "Name that one")
    modules = linear_maps(base.model)
    sides: dict[str, dict[str, Tensor]] = {}
    for entry, tensor in found.items():
        named = _ENTRY.fullmatch(entry)
        if named is None or named[1] not in modules:
            what = f"holds {entry[:200]!r}, for which the base model has no linear map"
            raise _unfit(folder, what, "Name the base model that it was trained on")
        sides.setdefault(named[1], {})[named[2]] = tensor
    for name, two in sides.items():
        module: Any = modules[name]
        wanted = {"A": (rank, module.in_features), "B": (module.out_features, rank)}
        if {side: tuple(one.shape) for side, one in two.items()} != wanted:
            what = f"does not fit the base model at {name}"
            raise _unfit(folder, what, "Name the base model that it was trained on")
        if not all(bool(one.isfinite().all()) for one in two.values()):
            raise _unfit(folder, f"holds what is not a number at {name}", "Train it again")
    return {name: (two["A"], two["B"]) for name, two in sides.items()}


def _tensors(folder: Path) -> tuple[dict[str, Tensor], str | None]:
    try:
        with safe_open(folder / WEIGHTS, "pt") as file:
            identity = (file.metadata() or {}).get(_IDENTITY)
            return {name: file.get_tensor(name).float() for name in file.keys()}, identity
    except (OSError, SafetensorError):
        what = f"has no {WEIGHTS} that can be read; other formats can run code and are not opened"
        raise _unfit(folder, what, "Save it with PEFT as safetensors") from None


def _merged(module: Any, a: Tensor, b: Tensor, scale: float) -> tuple[nn.Module, bool]:
    """Return a map with the update, and whether that makes any difference."""
    old: Tensor = module.weight.detach()
    a, b = a.to(old.device), b.to(old.device)
    if not old.is_floating_point():
        only = LinearMap("", len(b), a.shape[1])
        return UpdatedLinear(module, Factors((only,), a, b, scale), lambda: None), bool(b.any())
    new = torch.addmm(old.float(), b, a, alpha=scale).to(old.dtype)
    made = nn.Linear(a.shape[1], len(b), bias=False, device="meta")
    made.weight = nn.Parameter(new, requires_grad=False)
    made.bias = module.bias
    return made, not torch.equal(old, new)
