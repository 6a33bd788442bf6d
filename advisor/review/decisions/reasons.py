"""Whether a reason says anything."""

from __future__ import annotations

import re
from collections import Counter

from advisor.errors import Problem

SHORTEST = 40
"""Characters of a reason."""
_LETTERS = 10
"""Different letters in one; a few keys pressed again and again have fewer."""
_WORD = re.compile(r"\w+")


def reason_problem(where: str, text: str) -> Problem | None:
    """Return what keeps a text from being a reason: too short, or filled up; else none."""
    plain = " ".join(text.split())
    if len(plain) < SHORTEST:
        what = f"has {len(plain)} characters; at least {SHORTEST} are needed"
        return Problem(where, what, "Say what decided it, so that others can follow")
    if _filler(plain.casefold()):
        return Problem(where, "is filled up and says nothing", "Say what decided it")
    return None


def _filler(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < len(text) / 2 or len(set(letters)) < _LETTERS:
        return True
    words = _WORD.findall(text)
    most = Counter(words).most_common(1)[0][1]
    return len(words) > 2 and most > len(words) / 3
