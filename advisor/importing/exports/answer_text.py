"""The answer in what a model or a chain gave back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.importing.exports.nested_text import CONTEXT_NAMES, is_conversation, opened, spoken
from advisor.importing.tables.headers import SYNONYMS, plain_name
from advisor.importing.tables.table import as_text

_ANSWER = frozenset(
    "output outputs answer response result completion generation text content".split()
)
_BESIDE = CONTEXT_NAMES | frozenset(
    plain_name(name) for name in (*SYNONYMS["input"].split(","), "chat history", "source documents")
)
_DEPTH = 6


def answered(value: Any, depth: int = _DEPTH) -> tuple[str, str]:
    """Return `(answer, what the model was shown)` of what a model or a chain gave back.

    An answer that is itself JSON stays as it is: its form may be what went wrong.
    """
    inner = opened(value)
    if isinstance(inner, Mapping) and depth and (main := _main(inner)):
        shown = [spoken(item) for name, item in inner.items() if plain_name(name) in CONTEXT_NAMES]
        return answered(inner[main], depth - 1)[0], "\n".join(text for text in shown if text)
    if isinstance(inner, Mapping) and not _wraps(inner):
        filled = [item for item in inner.values() if item not in (None, "", [], {})]
        lone = len(filled) == 1 and not isinstance(value, str)
        return (spoken(filled[0]) if lone else as_text(value)), ""
    if isinstance(value, str) and isinstance(inner, list) and not _holds_words(inner):
        return value, ""
    return spoken(inner), ""


def _main(value: Mapping[str, Any]) -> str | None:
    """Return the name of the answer where all other names are known to be none."""
    names = [name for name, inner in value.items() if inner not in (None, "", [], {})]
    main = [name for name in names if plain_name(name) in _ANSWER]
    rest = [name for name in names if name not in main and plain_name(name) not in _BESIDE]
    return main[0] if len(main) == 1 and not rest else None


def _wraps(value: Mapping[str, Any]) -> bool:
    return bool(value.keys() & {"messages", "choices", "generations", "kwargs", "parts"}) or (
        bool(value.keys() & {"role", "type"}) and "content" in value
    )


def _holds_words(value: list[Any]) -> bool:
    """Tell messages and their parts from a list that is itself the answer."""
    inner = value[0] if len(value) == 1 and isinstance(value[0], list) else value
    return is_conversation(inner) or any(
        isinstance(item, Mapping) and item.keys() & {"message", "text", "type"} for item in inner
    )
