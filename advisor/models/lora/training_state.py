"""Where a training run stands, in one file that is there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from advisor.core.files import write_whole
from advisor.core.strict import Strict
from advisor.domain.pilot_result import Loss

NAME = "checkpoint.safetensors"
_ENTRY = "state"


class TrainingState(Strict):
    """Everything about a run that is not a tensor."""

    run: str
    """Stands for the model, the examples and the settings; another run begins anew."""
    step: int = 0
    """Steps that are done."""
    losses: tuple[Loss, ...] = ()
    tokens: int = 0
    seconds: float = 0.0
    best: float | None = None
    """The lowest loss on the examples held out."""
    worse: int = 0
    """Epochs since then."""
    judged: int = 0
    """Epochs after which that loss was taken."""
    peak_memory: float = 0.0
    """Megabytes."""

    def after(self, **changes: Any) -> TrainingState:
        """Return the state with these changes."""
        return self.model_copy(update=changes)


def save_state(folder: Path, state: TrainingState, tensors: dict[str, Tensor]) -> None:
    """Write a state.

    Raises:
        InputError: there is no room for it, or it may not be written.
    """
    flat = {name: one.detach().cpu().contiguous() for name, one in tensors.items()}
    write_whole(folder / NAME, save(flat, {_ENTRY: state.model_dump_json()}))


def load_state(
    folder: Path, run: str, shapes: dict[str, torch.Size]
) -> tuple[TrainingState, dict[str, Tensor]] | None:
    """Return the state of the same run if one lies in `folder`; a damaged file counts as none."""
    try:
        with safe_open(folder / NAME, "pt") as file:
            state = TrainingState.model_validate_json((file.metadata() or {}).get(_ENTRY, ""))
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, ValidationError, SafetensorError):
        return None
    found = {name: one.shape for name, one in tensors.items()}
    return (state, tensors) if state.run == run and found == shapes else None


def remove_state(folder: Path) -> None:
    """Remove the state."""
    (folder / NAME).unlink(missing_ok=True)
