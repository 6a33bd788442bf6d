"""Files of models that ship: used only where they are the published ones."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from advisor.errors import ModelError


def check_published(file: Path, sha256: str, what: str, mend: str) -> None:
    """See that a file is the published one.

    Args:
        file: the file; it is there.
        sha256: of the published one.
        what: what it belongs to, such as `The encoder`.
        mend: how to get the published one.

    Raises:
        ModelError: it is another one.
    """
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != sha256:
        raise ModelError(
            f"{what}'s file {file.name} is not the published one "
            f"(SHA-256 {found[:12]}… instead of {sha256[:12]}…). {mend}"
        )


def offline(environment: Any = os.environ) -> None:
    """Keep the Hugging Face libraries from asking any server; call before importing them."""
    environment.update(
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        TOKENIZERS_PARALLELISM="false",
    )
