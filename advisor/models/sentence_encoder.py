"""Any other sentence-transformers encoder, chosen by setting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.models.hub import offline


class SentenceEncoder:
    """A model that `sentence_transformers` loads from this machine."""

    precision = "float32"

    def __init__(self, name: str) -> None:
        """Load `name`, a folder or an id in the local cache.

        Raises:
            ModelError: it is not on this machine, or is not such a model.
        """
        offline()
        from sentence_transformers import SentenceTransformer  # heavy: sentence_transformers

        try:
            self._model = SentenceTransformer(
                name, device="cpu", local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError, RuntimeError):
            raise ModelError(
                f"The encoder {name!r} cannot be loaded. ADVISOR_ENCODER must name a folder with a "
                "sentence-transformers model, or one that is already in the local cache"
            ) from None
        self.identity = f"{name}:{self._hash()}"

    def tokens(self, texts: Sequence[str]) -> Sequence[str]:
        """Return the texts as they are: the model splits them itself, in `rows`."""
        return texts

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, shape (n, width)."""
        rows = self._model.encode(
            list(texts), batch_size=32, show_progress_bar=False, normalize_embeddings=True
        )
        return np.asarray(rows, np.float32)

    def _hash(self) -> str:
        found = hashlib.sha256()
        for name, values in sorted(self._model.state_dict().items()):
            found.update(name.encode())
            found.update(np.ascontiguousarray(values.float().numpy()).tobytes())
        return found.hexdigest()
