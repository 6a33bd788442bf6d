"""YAML with line numbers. A file that is not plain YAML gives a `LineError`, never a crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from advisor.core.guarded_yaml import YamlRefusal, line_of, read_plain

DEPTH = 20
"""Levels of nesting allowed; rule files have five."""
_SYNTAX = "Check indentation; put quotes round text with ':' or '#', or that begins with a sign"
_REFUSED = {
    "depth": ("is nested too deeply", "Use fewer levels"),
    "alias": ("refers to another part with *{}", "Write the text out"),
    "tag": ("holds a tag (!name), and tags are not read", "Put quotes round it if it is text"),
    "key": ("has a key that is not a word", "Put quotes round the text"),
    "twice": ("has {!r} twice in one entry", "Keep one of them"),
}

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
        LineError: if it is not UTF-8, not plain YAML, empty, nested too deeply or repeats a key.
    """
    try:
        data, node = read_plain(content.decode("utf-8-sig"), DEPTH, text_keys=True)
    except UnicodeDecodeError as error:
        raise LineError(0, "is not UTF-8 text", "Save it as UTF-8") from error
    except YamlRefusal as error:
        what, mend = _REFUSED[error.kind]
        raise LineError(line_of(error), what.format(error.name), mend) from error
    except yaml.YAMLError as error:
        why = getattr(error, "problem", None) or "it holds characters that YAML refuses"
        raise LineError(line_of(error), f"is not YAML: {why}", _SYNTAX) from error
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError) as error:
        # what PyYAML raises for a value such as 2020-13-45
        what = "holds a value that YAML cannot read"
        raise LineError(0, what, "Put dates and special words in quotes") from error
    if node is None:
        raise LineError(0, "is empty", "Write [] if it should hold nothing")
    return Parsed(data, node)


def _inside(node: Node, step: str | int) -> tuple[int, Node] | None:
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None
