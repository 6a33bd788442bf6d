"""The base model that a pilot prompts and trains: found, checked and loaded in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.core.settings import settings
from advisor.errors import ModelError
from advisor.models.base_default import NAME, default_base
from advisor.models.base_folder import base_folder, identity_of, unusable
from advisor.models.hub import offline

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_LONGEST = 1_000_000
"""Tokens; a tokenizer that states more means that it knows no limit."""


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A loaded model, ready to be asked; training may change `model` in place."""

    name: str
    identity: str
    """SHA-256 of weights, tokenizer and configuration."""
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    dtype: torch.dtype
    device: torch.device
    licence: str | None
    """As its card states it, such as `apache-2.0`."""
    context: int
    """Tokens of prompt and answer together."""


def load_base(name: str | None = None, dtype: torch.dtype | None = None) -> LoadedModel:
    """Load the base model `name` (default: the setting `ADVISOR_BASE_MODEL`, else SmolLM2-135M).

    A name is a folder, or an id under which the model lies in the local cache; nothing is fetched
    and no code of a model is run. Each call loads afresh (about a second for the default), so that
    one may be trained while another is asked.

    Args:
        name: which model.
        dtype: the numbers it computes in; by default bfloat16 where the machine multiplies them
            fast, else float32.

    Raises:
        ModelError: it is missing, altered or unusable; the message says how to mend it.
    """
    name = name or settings().base_model or NAME
    offline()
    if name == NAME:
        return _load(name, *default_base(), dtype)
    folder = base_folder(name)
    return _load(name, folder, identity_of(folder), dtype)


def _load(name: str, folder: Path, identity: str, dtype: torch.dtype | None) -> LoadedModel:
    try:
        tokenizer = _tokenizer(name, folder)
        model = _model(name, folder, dtype)
    except ModelError:
        raise
    except Exception as error:  # the libraries raise every kind for a folder that is spoilt
        why = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise unusable(name, f"cannot be loaded: {why}", f"Fetch it again ({folder})") from None
    return LoadedModel(
        name=name,
        identity=identity,
        model=model,
        tokenizer=tokenizer,
        dtype=model.dtype,
        device=model.device,
        licence=_licence(folder),
        context=_context(model, tokenizer),
    )


def _tokenizer(name: str, folder: Path) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer  # heavy: transformers

    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    if found.chat_template is None:
        what = "has no chat template, so it cannot be asked as a conversation"
        raise unusable(name, what, "Name a chat model, such as one whose name ends in -Instruct")
    if found.eos_token_id is None:
        raise unusable(name, "does not say how an answer ends", "Set eos_token in its tokenizer")
    return found


def _model(name: str, folder: Path, dtype: torch.dtype | None) -> PreTrainedModel:
    from transformers import AutoModelForCausalLM  # heavy: transformers
    from transformers.utils import logging  # heavy: transformers

    from advisor.models.base_place import place_for, room_for  # heavy: torch

    quiet: Callable[[], None] = logging.disable_progress_bar
    quiet()
    load: Callable[..., Any] = AutoModelForCausalLM.from_pretrained
    room = room_for(folder)
    place = place_for(room)
    model, told = load(
        folder,
        dtype=dtype or place.dtype(room),
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        output_loading_info=True,
        **place.options(room),
    )
    if told["missing_keys"]:
        what = f"lacks {len(told['missing_keys'])} of its weights"
        raise unusable(name, what, "Fetch it again, whole")
    ready: PreTrainedModel = model.eval()
    return ready


def _context(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int:
    config: Any = model.config.get_text_config()
    stated = (getattr(config, "max_position_embeddings", None), tokenizer.model_max_length)
    return min((one for one in stated if one and one < _LONGEST), default=2_048)


def _licence(folder: Path) -> str | None:
    from huggingface_hub import ModelCard  # heavy: huggingface_hub

    try:
        stated = ModelCard.load(folder / "README.md", ignore_metadata_errors=True).data.license
    except (OSError, ValueError):
        return None
    return str(stated)[:100] if stated else None
