"""The engine that fits a base model: own layers where they are known, transformers otherwise."""

from __future__ import annotations

from advisor.models.base import Base
from advisor.models.lora.engine import Engine, Pulse
from advisor.models.lora.lora_settings import Training


def open_engine(base: Base, settings: Training, pulse: Pulse) -> Engine:
    """Return what trains `base` fastest."""
    from advisor.models.lora.llama_layers import Llama, speaks_llama
    from advisor.models.lora.transformers_engine import Plain

    kind = Llama if speaks_llama(base.model) else Plain
    return kind(base, settings, pulse)
