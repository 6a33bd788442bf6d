"""The tuned encoder that ships, loaded once, and what it makes of failures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from advisor.errors import ModelError
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, Array
from advisor.failures.record.network import RecordNetwork
from advisor.failures.record.reading import HIDDEN, RecordReading
from advisor.failures.record.tokens import KINDS, rows_of
from advisor.models.batching import batches
from advisor.models.bert import WIDTH
from advisor.models.encoder import default_folder
from advisor.models.minilm import checked, fast_type

FILE = Path(__file__).with_name("changes.safetensors")
MEND = "Run: make tune-classifier"


class TunedReader:
    """Reads whole failures; safe to call from one thread at a time."""

    def __init__(self, changes: Mapping[str, Tensor], dtype: torch.dtype | None = None) -> None:
        """Put `changes` over the default encoder; `dtype` is what the layers compute in."""
        weights = load_file(checked(default_folder()))
        wide = {name: values.float() for name, values in changes.items()}
        self._network = RecordNetwork(weights, wide, dtype or fast_type())
        self.fingerprint = _fingerprint(changes)

    def read(self, cases: Sequence[FailureCase]) -> RecordReading:
        """Return what it makes of each, in order."""
        rows = rows_of(cases)
        logs = np.empty((len(rows), len(MODES)))
        hidden = np.empty((len(rows), HIDDEN), np.float32)
        without = np.empty((len(rows), KINDS - 1, len(MODES)))
        with torch.inference_mode():
            for batch in batches([len(row.ids) for row in rows]):
                means = self._network.means([rows[place] for place in batch])
                logs[batch] = _logs(self._network.scores(means))
                hidden[batch] = self._network.hidden(means).numpy()
                without[batch] = _blanked(self._network, means)
        return RecordReading(logs, hidden, without)


def _logs(scores: Tensor) -> Array:
    return np.asarray(torch.log_softmax(scores.double(), -1).numpy())


def _blanked(network: RecordNetwork, means: Tensor) -> Array:
    parts = []
    for part in range(1, KINDS):
        less = means.clone()
        less[:, part] = 0.0
        parts.append(_logs(network.scores(less)))
    return np.stack(parts, axis=1)


def _fingerprint(changes: Mapping[str, Tensor]) -> str:
    content = hashlib.sha256()
    for name, values in sorted(changes.items()):
        content.update(name.encode() + values.contiguous().numpy().tobytes())
    return content.hexdigest()


def save(changes: Mapping[str, Tensor], path: Path = FILE) -> None:
    """Write changes in 16 bits."""
    save_file({name: values.half().contiguous() for name, values in changes.items()}, path)


@lru_cache(maxsize=1)
def load_tuned_reader() -> TunedReader:
    """Return the tuned encoder that ships.

    Raises:
        ModelError: it, or the encoder it changes, is missing or damaged.
    """
    try:
        changes = load_file(FILE)
        if changes["parts"].shape != (KINDS, WIDTH):
            raise KeyError
        return TunedReader(changes)
    except (OSError, SafetensorError, KeyError):
        raise ModelError(f"The tuned encoder is missing or damaged. {MEND}") from None
