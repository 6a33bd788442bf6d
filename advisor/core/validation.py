"""What pydantic refuses, in plain words: where, what, how to mend it; one problem a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from advisor.core.terminal import one_line
from advisor.errors import Problem

Fields = Mapping[str, Iterable[str]]
"""Names of fields that may stand below a name; those at the top stand below ''."""
Item = Mapping[str, Any]
Words = tuple[str, str]
"""What is wrong, and how to mend it."""

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "yes or no"),
    ((int, float), "a number"),
    (str, "a text"),
    (dict, "a group of fields"),
    ((list, tuple), "a list"),
    (type(None), "nothing"),
)
_GROUPS = {
    "answers": '{"regulated": true}',
    "review": '{"rollback": "…"}',
    "current": '{"model": "…"}',
    "corrections": '{"f1": "style"}',
    "failures": '[{"output": "…"}]',
    "dismissed": '["regulated"]',
    "data": '{"cases": "cases.jsonl"}',
    "scoring": '{"metric": "exact"}',
    "style": '{"max_words": 50}',
    "budget": '{"minutes": 30}',
    "schema": '{"type": "object"}',
    "arms": '["prompt", "few_shot"]',
    "labels": '["refund", "delivery"]',
    "seeds": "[0, 1]",
    "curve": "[0.25, 0.5, 1]",
}
_UNION = "answer"
"""Stands for all complaints about one answer, which pydantic makes once for each type."""


def problems(error: ValidationError, where: str, fields: Fields) -> Iterator[Problem]:
    """Yield one problem for each place that is wrong."""
    yield from complaints(error.errors(include_url=False), where, fields)


def complaints(items: Iterable[Item], where: str, fields: Fields) -> Iterator[Problem]:
    """Yield the same for complaints that no `ValidationError` holds."""
    told = set()
    for item in items:
        kind, place = _sorted_out(item)
        if place in told:
            continue
        told.add(place)
        what, mend = _WORDS.get(kind, _as_said)(item, fields)
        yield Problem(".".join([where, *map(_step, place)])[:200], what, mend)


def _sorted_out(item: Item) -> tuple[str, tuple[Any, ...]]:
    """Return the kind of a complaint, and its place without pydantic's own remarks."""
    kind, place = str(item["type"]), tuple(item["loc"])
    if place[-1:] == ("[key]",):
        return kind, (*place[:-2], str(place[-2]))
    if kind == "invalid_key":
        return kind, (*place[:-1], str(place[-1]))
    if place[:1] in {("answers",), ("review",)} and len(place) > 2:
        return (kind if kind == "value_error" else _UNION), place[:2]
    return kind, place


def _step(part: Any) -> str:
    return f"#{part + 1}" if isinstance(part, int) else one_line(str(part))


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")


def _no_text(item: Item, _: Fields) -> Words:
    kind = _kind(item["input"])
    mend = "Put quotes round it" if kind in {"yes or no", "a number"} else "Write it as one text"
    return f"is {kind}; a text is wanted", mend


def _no_group(item: Item, _: Fields) -> Words:
    name = item["loc"][-1] if item["loc"] else ""
    example = _GROUPS.get(name, '{"output": "…"}')
    return f"is {_kind(item['input'])}; {_wanted(item)} is wanted", f"Write it like {example}"


def _wanted(item: Item) -> str:
    return "a list" if str(item["type"]).startswith("tuple") else "a group of fields"


def _no_such_field(item: Item, fields: Fields) -> Words:
    *above, name = item["loc"]
    known = [str(part) for part in above if part in fields]
    names = list(fields.get(known[-1] if known else "", ()))
    close = get_close_matches(str(name)[:80], names, n=1)
    mend = f"Did you mean {close[0]!r}?" if close else f"Remove it, or use {', '.join(names)}"
    return "there is no such field", mend


def _no_answer(item: Item, _: Fields) -> Words:
    value = item["input"]
    what = "a number without end" if isinstance(value, float) else _kind(value)
    return f"is {what}; no question takes that", "Use yes or no, a number, a text, or null"


def _no_choice(item: Item, _: Fields) -> Words:
    expected = str(item["ctx"]["expected"])
    close = get_close_matches(str(item["input"])[:80], re.findall("'([^']+)'", expected), n=1)
    mend = f"Did you mean {close[0]!r}?" if close else f"Use {expected}"
    return "is none of the words that fit here", mend


def _too_long(item: Item, _: Fields) -> Words:
    return "has too many entries", f"Keep at most {item['ctx']['max_length']:,}"


def _as_said(item: Item, _: Fields) -> Words:
    said = str(item["msg"]).removeprefix("Value error, ").rstrip(".")
    said = said.replace("Input should", "should")
    what, mend = said.split("; ", 1) if "; " in said else (said, "")
    return what, mend[:1].upper() + mend[1:]


_WORDS: dict[str, Callable[[Item, Fields], Words]] = {
    "string_type": _no_text,
    "model_type": _no_group,
    "dict_type": _no_group,
    "tuple_type": _no_group,
    "extra_forbidden": _no_such_field,
    "missing": lambda _, __: ("is missing", "Add it"),
    "string_too_short": lambda _, __: ("is empty", "Write a text"),
    "string_pattern_mismatch": lambda _, __: ("is empty", "Write a text"),
    "string_unicode": lambda _, __: ("holds half of a surrogate pair", "Save the file as UTF-8"),
    "invalid_key": lambda _, __: ("has a name that is not a text", "Put quotes round the name"),
    "enum": _no_choice,
    "literal_error": _no_choice,
    "too_long": _too_long,
    _UNION: _no_answer,
}
