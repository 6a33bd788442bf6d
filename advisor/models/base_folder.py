"""The folder of a base model: where it lies, and whether it may be loaded."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.errors import ModelError
from advisor.models.hub import offline

_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.ASCII)
_SMALL = 50_000_000
"""Bytes of a configuration; one that is larger is none."""
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
_HASHED = ("*.safetensors", "tokenizer*", "*.jinja", "config.json", "vocab.*", "merges.txt")


@dataclass(frozen=True)
class _Found:
    """What lies in a folder."""

    folder: Path
    config: Mapping[str, Any]

    def any(self, *patterns: str) -> bool:
        return any(next(self.folder.glob(one), None) is not None for one in patterns)

    @property
    def kind(self) -> str:
        return str(self.config.get("model_type", ""))


@dataclass(frozen=True)
class _Refusal:
    """A reason not to load a folder, and how to mend it."""

    applies: Callable[[_Found], bool]
    what: str
    mend: str


def _known(found: _Found) -> bool:
    from transformers import CONFIG_MAPPING  # heavy: transformers

    return found.kind in CONFIG_MAPPING


def _writes(found: _Found) -> bool:
    from transformers.models.auto import modeling_auto  # heavy: transformers

    return found.kind in modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


_REFUSALS = (
    _Refusal(
        lambda found: not found.config and found.any("adapter_config.json"),
        "is an adapter, not a whole model",
        "Name the model that it was trained on",
    ),
    _Refusal(
        lambda found: not found.config and found.any("*.gguf"),
        "holds a GGUF file, which can be asked but not trained",
        "Name the folder with the same model in safetensors",
    ),
    _Refusal(
        lambda found: not found.config,
        "has no config.json, so it is no model in the format of transformers",
        "Name a folder that `save_pretrained` or `hf download` wrote",
    ),
    _Refusal(
        lambda found: "auto_map" in found.config and not _known(found),
        "ships code of its own, which is never run here",
        "Name a model whose architecture is part of transformers",
    ),
    _Refusal(
        lambda found: not _known(found),
        "has an architecture that the installed transformers does not know",
        "Name another model, or install a newer transformers",
    ),
    _Refusal(
        lambda found: not _writes(found),
        "does not write text: it is no causal language model",
        "Name a chat model, such as one whose name ends in -Instruct",
    ),
    _Refusal(
        lambda found: not found.any("*.safetensors") and found.any(*_PICKLED),
        "keeps its weights in a format that can run code when it is opened",
        "Convert it to safetensors where you trust it (load it there, then "
        "`save_pretrained`), or name a copy that has model.safetensors",
    ),
    _Refusal(
        lambda found: not found.any("*.safetensors"),
        "has no weights (*.safetensors)",
        "Fetch it whole: hf download NAME",
    ),
)


def base_folder(name: str) -> Path:
    """Return the folder of the base model `name`, a folder or an id in the local cache.

    Raises:
        ModelError: it is not on this machine, or may not or cannot be loaded.
    """
    folder = Path(name).expanduser() if os.path.isdir(os.path.expanduser(name)) else _cached(name)
    found = _Found(folder, _config(folder / "config.json", name))
    for refusal in _REFUSALS:
        if refusal.applies(found):
            raise unusable(name, refusal.what, refusal.mend)
    return folder


def unusable(name: str, what: str, mend: str) -> ModelError:
    """Return the error that says why the base model `name` cannot be used."""
    return ModelError(f"The base model {name[:200]!r} {what}. {mend}")


def _cached(name: str) -> Path:
    if _HUB_ID.fullmatch(name) is None:
        what = "is neither a folder on this machine nor an id such as Qwen/Qwen3-0.6B"
        raise unusable(name, what, "Change ADVISOR_BASE_MODEL, or leave it out for the default")
    offline()
    from huggingface_hub import snapshot_download  # heavy: huggingface_hub

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        mend = (
            f"Nothing is fetched here. Fetch it once: hf download {name} (if its owner must let "
            "you in first: accept the terms on its page, then hf auth login)"
        )
        raise unusable(name, "is not in the local cache", mend) from None


def _config(path: Path, name: str) -> Mapping[str, Any]:
    try:
        if not path.is_file():
            return {}
        with path.open("rb") as file:
            data = json.loads(file.read(_SMALL))
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise unusable(name, "has a config.json that cannot be read", "Fetch it again")
    return data


def identity_of(folder: Path) -> str:
    """Return the SHA-256 of the weights, the tokenizer and the configuration in a folder."""
    found = hashlib.sha256()
    for path in sorted({path for one in _HASHED for path in folder.glob(one)}):
        found.update(f"{path.name}:{_digest(path)}\n".encode())
    return found.hexdigest()


def _digest(path: Path) -> str:
    kept = path.resolve().name  # the hub's cache names the large files by their hash
    if path.is_symlink() and re.fullmatch(r"[0-9a-f]{64}", kept):
        return kept
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
