"""Fine-tuning with low-rank adapters: short runs on whatever the machine has."""

from advisor.models.lora.adapter import load_adapter, save_adapter
from advisor.models.lora.fine_tune import Trained, estimate, train
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.packing import TrainingExample
from advisor.models.lora.training_run import Halted, TrainingProgress

__all__ = [
    "Halted",
    "Training",
    "TrainingExample",
    "TrainingProgress",
    "load_adapter",
    "train",
    "save_adapter",
    "Trained",
    "estimate",
]
