"""What encoders tuned on other writers made of each exemplar; it tells how far to trust one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from advisor.errors import ModelError
from advisor.failures.features.registry import Array
from advisor.failures.training.exemplars import Exemplar, exemplars_digest

FILE = Path(__file__).with_name("held_out.safetensors")
FOLDS = 2


def writer_folds(writers: NDArray[np.str_], count: int = FOLDS) -> Iterator[NDArray[np.bool_]]:
    """Yield masks of held-out exemplars, `count` of like size; a writer is never on both sides."""
    names, sizes = np.unique(writers, return_counts=True)
    ordered = names[np.argsort(-sizes, kind="stable")]
    for number in range(min(count, len(ordered))):
        yield np.isin(writers, ordered[number::count])


def save_held_out(exemplars: Sequence[Exemplar], logs: Array) -> None:
    """Keep log probabilities, shape (exemplars, modes), in 16 bits; NaN: it was not held out."""
    save_file({"logs": logs.astype(np.float16)}, FILE, {"exemplars": exemplars_digest(exemplars)})


def held_out_logs(exemplars: Sequence[Exemplar]) -> Array:
    """Return what `save_held_out` kept for just these exemplars.

    Raises:
        ModelError: it is missing, or was made from others.
    """
    try:
        with safe_open(FILE, "np") as file:
            if file.metadata()["exemplars"] == exemplars_digest(exemplars):
                return np.asarray(file.get_tensor("logs"), float)
    except (OSError, SafetensorError):
        pass
    raise ModelError("The exemplars changed since the encoder was tuned. Run: make tune-classifier")
