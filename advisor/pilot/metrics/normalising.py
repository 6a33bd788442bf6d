"""Words as metrics compare them: without case, signs and English articles (SQuAD, 1606.05250)."""

from __future__ import annotations

import re
import unicodedata

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_SIGNS = re.compile(r"[^\w\s]")
_ALONE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of languages that put no spaces between words: each counts as one."""


def words(text: str) -> list[str]:
    """Return the words that count."""
    plain = _ARTICLES.sub(" ", unicodedata.normalize("NFKC", text).lower())
    return _ALONE.sub(lambda sign: f" {sign[0]} ", _SIGNS.sub(" ", plain)).split()


def same(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for spaces."""
    return text.split() == other.split()
