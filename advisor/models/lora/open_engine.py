"""The engine that fits a base model: own layers where they are known, transformers otherwise."""

from __future__ import annotations

from advisor.models.base import LoadedModel
from advisor.models.lora.engine import Engine, Pulse
from advisor.models.lora.llama_layers import Llama, speaks_llama
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.transformers_engine import TransformersEngine


def open_engine(base: LoadedModel, settings: Training, pulse: Pulse) -> Engine:
    """Return what trains `base` fastest."""
    kind = Llama if speaks_llama(base.model) else TransformersEngine
    return kind(base, settings, pulse)
