"""YAML with line numbers. A file that is not plain YAML gives a `LineError`, never a crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEPTH = 20
"""Levels of nesting allowed; rule files have five, and very deep ones crash the C parser."""
_TEXT = "tag:yaml.org,2002:str"
_OPEN = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSE = (yaml.SequenceEndEvent, yaml.MappingEndEvent)
_BAD_VALUE = (ValueError, KeyError, AttributeError, TypeError, OverflowError)
"""What PyYAML raises for a value such as `2020-13-45` or `!!int x`."""

Path = Sequence[str | int]


class LineError(ValueError):
    """A file is not usable YAML; `line` counts from 1, 0 if unknown."""

    def __init__(self, line: int, what: str, mend: str = "") -> None:
        """Keep the place, what is wrong and how to mend it."""
        super().__init__(what)
        self.line, self.what, self.mend = line, what, mend


@dataclass(frozen=True)
class YamlPlace:
    """A part of a YAML file, and where the parts inside it start."""

    node: Node

    def line(self, *path: str | int) -> int:
        """Return the line, from 1, of what `path` leads to, or of the nearest part around it."""
        node, line = self.node, self.node.start_mark.line
        for step in path:
            found = _inside(node, step)
            if found is None:
                break
            line, node = found
        return line + 1


@dataclass(frozen=True)
class Parsed:
    """One YAML file: its data and the node it came from."""

    data: Any
    node: Node

    def items(self) -> Iterator[tuple[Any, YamlPlace]]:
        """Yield each entry of a list file with its place."""
        for item, node in zip(self.data, self.node.value, strict=True):
            yield item, YamlPlace(node)

    def part(self, name: str) -> Parsed | None:
        """Return what stands under a key of a file of keys; none if it is not there."""
        found = _inside(self.node, name) if isinstance(self.data, dict) else None
        return Parsed(self.data[name], found[1]) if found else None


def parse(content: bytes) -> Parsed:
    """Parse one YAML document; every key is read as text, so `on:` and `yes:` stay words.

    Raises:
        LineError: if it is not UTF-8, not YAML, empty, nested too deeply or repeats a key.
    """
    try:
        text = content.decode("utf-8-sig")
        _guard(text)
        loader = Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise LineError(0, "is empty", "Write [] if it should hold nothing")
        _keys_as_text(node)
        return Parsed(loader.construct_document(node), node)
    except UnicodeDecodeError as error:
        raise LineError(0, "is not UTF-8 text", "Save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise _syntax(error) from error
    except LineError:
        raise
    except _BAD_VALUE as error:
        what = "holds a value that YAML cannot read"
        raise LineError(0, what, "Put dates and special words in quotes, drop '!!'") from error


def _guard(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader):
        depth += isinstance(event, _OPEN) - isinstance(event, _CLOSE)
        if depth > DEPTH:
            raise LineError(_line(event), "is nested too deeply", "Use fewer levels")
        if isinstance(event, yaml.AliasEvent):
            what = f"refers to another part with *{event.anchor}"
            raise LineError(_line(event), what, "Write the text out")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _keys_as_text(node: Node) -> None:
    if isinstance(node, SequenceNode):
        for item in node.value:
            _keys_as_text(item)
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            _read_key(key, seen)
            _keys_as_text(value)


def _read_key(key: Node, seen: set[str]) -> None:
    line = key.start_mark.line + 1
    if not isinstance(key, ScalarNode):
        raise LineError(line, "has a key that is not a word", "Put quotes round the text")
    if key.value in seen:
        raise LineError(line, f"has {key.value!r} twice in one entry", "Keep one of them")
    key.tag = _TEXT
    seen.add(key.value)


def _inside(node: Node, step: str | int) -> tuple[int, Node] | None:
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None


def _syntax(error: yaml.YAMLError) -> LineError:
    mark = getattr(error, "problem_mark", None)
    why = getattr(error, "problem", None) or "it holds characters that YAML refuses"
    mend = "Check indentation; put quotes round text with ':' or '#', or that begins with a sign"
    return LineError(mark.line + 1 if mark else 0, f"is not YAML: {why}", mend)
