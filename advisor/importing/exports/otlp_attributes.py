"""Attributes as OpenTelemetry writes them: typed, dotted or nested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.importing.exports.nested_text import opened

_DEPTH = 20
_LEVELS = 12


def attributes_of(value: Any) -> dict[str, Any]:
    """Return attributes as nested objects, however they are written.

    Args:
        value: a list of `{key, value}` with typed values, an object with dotted names, or either of
            them as JSON text.
    """
    value = opened(value)
    if isinstance(value, list):
        pairs = [
            (item.get("key"), item.get("value")) for item in value if isinstance(item, Mapping)
        ]
        value = {key: _untyped(inner, _DEPTH) for key, inner in pairs if isinstance(key, str)}
    return nested(value) if isinstance(value, Mapping) else {}


def _untyped(value: Any, depth: int) -> Any:
    """Return a typed value such as `{"stringValue": "x"}` as what it stands for."""
    if not isinstance(value, Mapping) or len(value) != 1 or depth == 0:
        return value
    kind, inner = next(iter(value.items()))
    name = kind.replace("_", "").lower()
    if name == "arrayvalue":
        return [_untyped(item, depth - 1) for item in _values(inner)]
    if name == "kvlistvalue":
        items = [item for item in _values(inner) if isinstance(item, Mapping)]
        return {str(item.get("key")): _untyped(item.get("value"), depth - 1) for item in items}
    return inner if name.endswith("value") else value


def _values(inner: Any) -> list[Any]:
    values = inner.get("values") if isinstance(inner, Mapping) else None
    return values if isinstance(values, list) else []


def nested(flat: Mapping[str, Any], depth: int = _LEVELS) -> dict[str, Any]:
    """Return names with dots as nested objects, and objects counted from 0 as lists."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        _place(tree, name.split(".", _LEVELS), _deeper(value, depth))
    return {name: _listed(value) for name, value in tree.items()}


def _deeper(value: Any, depth: int) -> Any:
    if depth == 0:
        return value
    if isinstance(value, Mapping):
        return nested(value, depth - 1)
    return [_deeper(item, depth - 1) for item in value] if isinstance(value, list) else value


def _place(tree: dict[str, Any], parts: list[str], value: Any) -> None:
    """Put a value at its place; where a text and an object compete, the object stays."""
    for part in parts[:-1]:
        inner = tree.get(part)
        if not isinstance(inner, dict):
            inner = tree[part] = {}
        tree = inner
    before = tree.get(parts[-1])
    if isinstance(before, dict) and isinstance(value, Mapping):
        before.update(value)
    elif not isinstance(before, dict):
        tree[parts[-1]] = value


def _listed(value: Any, depth: int = 2 * _LEVELS) -> Any:
    if not isinstance(value, dict) or depth == 0:
        return value
    inner = {name: _listed(item, depth - 1) for name, item in value.items()}
    if inner and all(name.isascii() and name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=lambda name: (len(name), name))]
    return inner


def at(tree: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, or None; a list written as text is read."""
    value: Any = tree
    for part in path.split("."):
        if not isinstance(value, dict) or (value := value.get(part)) is None:
            return None
    inner = opened(value)
    return _deeper(inner, _LEVELS) if isinstance(inner, list) else value
