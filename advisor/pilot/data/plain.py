"""When two texts count as the same."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return `text` in one width and case, single spaces, without the signs that end a sentence."""
    same = unicodedata.normalize("NFKC", text).casefold()
    joined = " ".join(same.split())
    return joined.rstrip(".!?。！？ ") or joined
