"""JSON and YAML from people: no tags, no aliases, no name twice, no endless nesting or numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NoReturn

import yaml

from advisor.core.guarded_yaml import YamlRefusal, read_plain
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
_REFUSED = {
    "alias": "aliases (*name) are not read",
    "tag": "tags (!name) are not read",
    "twice": "{!r} stands twice in one place",
}


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


def parse_yaml(text: str, where: str) -> Any:
    """Parse YAML.

    Raises:
        InputError: with the line and column, or what it holds that is refused.
    """
    try:
        return read_plain(text, DEPTH)[0]
    except yaml.MarkedYAMLError as error:
        what = _told(error)
    except (yaml.YAMLError, ValueError) as error:
        what = f"is not YAML: {' '.join(str(error).split())[:200]}"
    mend = next((mend for shape, mend in _YAML_HINTS if shape.search(what)), _MEND)
    raise InputError(Problem(where, what, mend))


def _told(error: yaml.MarkedYAMLError) -> str:
    said = error.problem
    if isinstance(error, YamlRefusal):
        if error.kind == "depth":
            return "is nested too deeply"
        said = _REFUSED[error.kind].format(error.name[:80])
    mark = error.problem_mark
    place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"is not YAML: {said}{place}"
