"""Fine-tuning with low-rank adapters: short runs on whatever the machine has."""

from advisor.models.lora.adapter import load_adapter, save_adapter
from advisor.models.lora.fine_tune import Trained, estimate, train
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.packing import Example
from advisor.models.lora.training_run import Halted, Progress

__all__ = [
    "Example",
    "Halted",
    "Progress",
    "Trained",
    "Training",
    "estimate",
    "load_adapter",
    "save_adapter",
    "train",
]
