"""The JSON schema of a right answer: as given, or read off the training answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.domain.pilot_spec import Frozen

CHOICES = 10
"""A text with no more different values than this is a choice …"""
EACH = 5
"""… if each occurs this often on average."""
DEPTH = 8
"""Levels of objects and lists that are looked into."""
Schema = dict[str, Any]


def schema_for(frozen: Frozen) -> Schema | None:
    """Return the schema that a right answer to this task follows, if there is one."""
    if frozen.spec.schema_ is not None:
        return frozen.spec.schema_
    objects = [_object(case.expected) for case in frozen.data.train]
    if not objects or any(one is None for one in objects):
        return None
    return derived(objects, DEPTH)


def derived(values: Sequence[Any], depth: int) -> Schema:
    """Return a schema that holds for all `values` and for what looks like them."""
    kinds = [kind for kind in _KINDS if any(kind.holds(value) for value in values)]
    options = [kind.schema([v for v in values if kind.holds(v)], depth) for kind in kinds]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _object(answer: str) -> dict[str, Any] | None:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _objects(values: Sequence[dict[str, Any]], depth: int) -> Schema:
    if depth == 0:
        return {"type": "object"}
    names = _in_order(values)
    return {
        "type": "object",
        "properties": {
            name: derived([one[name] for one in values if name in one], depth - 1) for name in names
        },
        "required": [name for name in names if all(name in one for one in values)],
        "additionalProperties": False,
    }


def _in_order(values: Sequence[dict[str, Any]]) -> list[str]:
    """Return all names, sorted if every object is, else as they first occur."""
    names = list(dict.fromkeys(name for one in values for name in one))
    return sorted(names) if all(list(one) == sorted(one) for one in values) else names


def _lists(values: Sequence[list[Any]], depth: int) -> Schema:
    items = [item for one in values for item in one]
    if depth == 0 or not items:
        return {"type": "array"}
    return {
        "type": "array",
        "items": derived(items, depth - 1),
        "maxItems": 2 * max(map(len, values)),
    }


def _texts(values: Sequence[str], depth: int) -> Schema:
    different = sorted(set(values))
    if len(different) <= CHOICES and len(values) >= EACH * len(different):
        return {"enum": different}
    return {"type": "string", "maxLength": 2 * max(map(len, values)) + 20}


@dataclass(frozen=True)
class _Kind:
    holds: Callable[[Any], bool]
    schema: Callable[[Sequence[Any], int], Schema]


def _plain(name: str) -> Callable[[Sequence[Any], int], Schema]:
    return lambda values, depth: {"type": name}


_KINDS = (
    _Kind(lambda value: isinstance(value, dict), _objects),
    _Kind(lambda value: isinstance(value, list), _lists),
    _Kind(lambda value: isinstance(value, str), _texts),
    _Kind(lambda value: isinstance(value, bool), _plain("boolean")),
    _Kind(lambda value: isinstance(value, int) and not isinstance(value, bool), _plain("integer")),
    _Kind(lambda value: isinstance(value, float), _plain("number")),
    _Kind(lambda value: value is None, _plain("null")),
)
