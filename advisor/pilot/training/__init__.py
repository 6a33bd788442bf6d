"""Fine-tuning with low-rank adapters: short runs on whatever the machine has."""

from advisor.pilot.training.adapter import load_adapter, save_adapter
from advisor.pilot.training.estimate import estimate
from advisor.pilot.training.examples import Example
from advisor.pilot.training.loop import Trained, train
from advisor.pilot.training.run import Halted, Progress
from advisor.pilot.training.settings import Training

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
