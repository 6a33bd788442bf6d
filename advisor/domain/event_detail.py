"""The detail of an event: plain JSON that reads the same everywhere, so no fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from advisor.core.strict import canonical
from advisor.errors import InputError, Problem

DETAIL_LIMIT = 20_000
"""Characters of one detail as JSON."""
_DEPTH = 20
_LARGEST = 2**53 - 1  # beyond it other programs round whole numbers
_HALF = re.compile("[\ud800-\udfff]")


def detail_text(detail: dict[str, Any]) -> str:
    """Return a detail as canonical JSON; control characters are written out.

    Raises:
        InputError: it holds what the trail does not take, or too much.
    """
    problem = next(_problems(detail, "trail.detail", 0), None)
    if problem:
        raise InputError(problem)
    text = canonical(detail)
    if len(text) > DETAIL_LIMIT:
        what = f"has {len(text):,} characters; the limit is {DETAIL_LIMIT:,}"
        raise InputError(Problem("trail.detail", what, "Keep the text elsewhere, its SHA-256 here"))
    return text


def _problems(value: Any, where: str, depth: int) -> Iterator[Problem]:
    if depth > _DEPTH:
        yield Problem(where[:200], "is nested too deeply", "Make it flat")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _no_key(name, where)
            yield from _problems(item, f"{where}.{name}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value, start=1):
            yield from _problems(item, f"{where}.#{place}", depth + 1)
    elif not _is_plain(value):
        what = "is not a text, a whole number that every program can read, yes or no, or nothing"
        yield Problem(where[:200], what, "Write it as a text")


def _no_key(name: Any, where: str) -> Iterator[Problem]:
    if not isinstance(name, str) or _HALF.search(name):
        yield Problem(where[:200], "has a name that is no plain text", "Name it in plain text")


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return not _HALF.search(value)
    if isinstance(value, int):  # yes and no are whole numbers to Python
        return abs(value) <= _LARGEST
    return value is None
