"""The tokenizer of the default encoder, without the encoder."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer


def word_pieces(folder: Path) -> Tokenizer:
    """Return the tokenizer in `folder`, which neither pads nor cuts."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found
