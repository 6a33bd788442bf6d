"""JSON and YAML from people: no tags, no aliases, no name twice, no endless nesting or numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NoReturn

import yaml

from advisor.errors import InputError, Problem

DEPTH = 100
"""Levels of brackets in a YAML file."""
DIGITS = 300
"""Digits in one number; a longer one is not a number anyone means."""
_MEND = "Mend that place and try again"
_SIGNS = "Indent with spaces, no tab; put quotes round a text that starts with a sign"
_YAML_HINTS = (
    (re.compile("mapping values are not allowed"), "Put quotes round a text that holds a colon"),
    (re.compile("cannot start any token|tab character"), _SIGNS),
    (re.compile("document"), "Put each proposal into a file of its own"),
    (re.compile("aliases|tags"), "Write it out, or put quotes round it if it is text"),
    (re.compile("twice"), "Keep one of them"),
)


def decode(raw: bytes, where: str) -> str:
    """Return UTF-8 bytes as text, without a byte order mark.

    Raises:
        InputError: with the first byte that is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 text: byte {error.start + 1:,} is {raw[error.start]:#04x}"
        raise InputError(Problem(where, what, "Save it as UTF-8")) from None


def parse(text: str, name: str) -> Any:
    """Parse JSON or YAML by the ending of `name`."""
    if not text.strip():
        raise InputError(Problem(name, "is empty", "Write a title and a description into it"))
    return parse_json(text, name) if name.lower().endswith(".json") else parse_yaml(text, name)


class _UnmeantJson(ValueError):
    """JSON that parses, and that nobody means: what is wrong, and how to mend it."""


def parse_json(text: str, where: str) -> Any:
    """Parse JSON.

    Raises:
        InputError: with the line and column, or what it holds that is refused.
    """
    try:
        return json.loads(
            text,
            parse_constant=_no_constant,
            parse_int=_short_int,
            object_pairs_hook=_no_name_twice,
        )
    except json.JSONDecodeError as error:
        message = error.msg.removesuffix(" at")
        what = f"is not JSON: {message} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        what = "is nested too deeply"
    except _UnmeantJson as error:
        raise InputError(Problem(where, *error.args)) from None
    raise InputError(Problem(where, what, _MEND))


def _no_constant(name: str) -> NoReturn:
    raise _UnmeantJson(f"holds {name}, which is not a number", "Use a number, or null")


def _short_int(digits: str) -> int:
    if len(digits) > DIGITS:
        raise _UnmeantJson(f"holds a number of {len(digits):,} digits", "Shorten it")
    return int(digits)


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _UnmeantJson(f"holds {twice[:80]!r} twice in one place", "Keep one of them")
    return found


class _PlainLoader(yaml.CSafeLoader):
    """YAML in which a date stays the text it is, and no name stands twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, shape) for tag, shape in pairs if not tag.endswith(":timestamp")]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                what = f"{name[:80]!r} stands twice in one place"
                raise yaml.MarkedYAMLError(None, None, what, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, where: str) -> Any:
    """Parse YAML.

    Raises:
        InputError: with the line and column, or what it holds that is refused.
    """
    try:
        _refuse_unusual(text)
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = f"is not YAML: {error.problem}{place}"
    except (yaml.YAMLError, ValueError) as error:
        what = f"is not YAML: {' '.join(str(error).split())[:200]}"
    except RecursionError:
        what = "is nested too deeply"
    mend = next((mend for shape, mend in _YAML_HINTS if shape.search(what)), _MEND)
    raise InputError(Problem(where, what, mend))


def _refuse_unusual(text: str) -> None:
    """Refuse what can blow a small file up to fill the memory, before anything is built."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise RecursionError
        if isinstance(event, yaml.AliasEvent):
            raise _at(event, "aliases (*name) are not read")
        if getattr(event, "tag", None) is not None:
            raise _at(event, "tags (!name) are not read")


def _at(event: yaml.Event, what: str) -> yaml.MarkedYAMLError:
    mark = event.start_mark
    place = yaml.Mark("", 0, mark.line, mark.column, None, 0) if mark else None
    return yaml.MarkedYAMLError(None, None, what, place)
