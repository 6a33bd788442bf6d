"""Fine-tuning with low-rank adapters: short runs on whatever the machine has."""

from advisor.models.lora.adapter import load_adapter, save_adapter
from advisor.models.lora.fine_tune import Trained, estimate, train
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.packing import TrainingExample
from advisor.models.lora.training_run import Halted, TrainingProgress

__all__ = [
    "Halted",
    "Trained",
    "Training",
    "TrainingExample",
    "TrainingProgress",
    "adapter",
    "engine",
    "estimate",
    "fine_tune",
    "llama_layers",
    "load_adapter",
    "lora_settings",
    "low_rank",
    "low_rank_products",
    "packed_attention",
    "packing",
    "save_adapter",
    "train",
    "training_run",
    "training_state",
    "transformers_engine",
    "word_loss",
]
