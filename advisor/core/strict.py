"""Strict records, and their content as one text with a fingerprint."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
)


class Strict(BaseModel):
    """A record that refuses unknown fields and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def canonical(content: Any, allow_nan: bool = False) -> str:
    """Write canonical JSON: the same content always gives the same text."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=allow_nan
    )


def digest(content: Any) -> str:
    """Return the SHA-256 of `content` written as canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, allow_nan=True).encode()).hexdigest()
