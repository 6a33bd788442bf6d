"""YAML from strangers: what could fill the memory or run code is refused before it is built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import yaml

Refused = Literal["depth", "tag", "alias", "key", "twice"]


class YamlRefusal(yaml.MarkedYAMLError):
    """YAML that is correct and not read: why, where, and the name it is about."""

    def __init__(self, kind: Refused, mark: Any, name: str | None = "") -> None:
        """Keep a mark without the text around it, which may be long."""
        place = yaml.Mark("", 0, mark.line, mark.column, None, 0) if mark else None
        super().__init__(None, None, kind, place)
        self.kind, self.name = kind, name or ""


class _DatesAsText(yaml.CSafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, shape) for tag, shape in pairs if not tag.endswith(":timestamp")]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def line_of(error: yaml.YAMLError) -> int:
    """Return the line of an error, from 1; 0 if it is not known."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


def guarded_events(text: str, depth: int, aliases: bool = False) -> Iterator[yaml.Event]:
    """Yield what stands in a text, one after the other; stop at what is refused.

    Raises:
        YamlRefusal: it is nested deeper than `depth`, or holds tags, or aliases that may not be.
        yaml.YAMLError: it is not YAML.
    """
    level = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        level += isinstance(event, yaml.CollectionStartEvent)
        level -= isinstance(event, yaml.CollectionEndEvent)
        if level > depth:
            raise YamlRefusal("depth", event.start_mark)
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise YamlRefusal("alias", event.start_mark, event.anchor)
        if getattr(event, "tag", None) is not None:
            raise YamlRefusal("tag", event.start_mark)
        yield event


def read_plain(text: str, depth: int, text_keys: bool = False) -> tuple[Any, yaml.Node | None]:
    """Return what one document says, and the node that knows its places; None for an empty one.

    With `text_keys` every key is read as text, so `on:` and `yes:` stay words, and dates are dates;
    without, dates are the texts they are.

    Raises:
        YamlRefusal: as `guarded_events`, or a key stands twice or, with `text_keys`, is none.
        yaml.YAMLError: it is not YAML, or holds several documents.
        ValueError: it holds a value that cannot be, such as 2020-13-45.
    """
    for _ in guarded_events(text, depth):
        pass
    loader: Any = (yaml.CSafeLoader if text_keys else _DatesAsText)(text)
    node = loader.get_single_node()
    if node is None:
        return None, None
    for mapping in _mappings(node):
        _check_keys(mapping, text_keys)
    return loader.construct_document(node), node


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for key, value in node.value:
            yield from (*_mappings(key), *_mappings(value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _mappings(item)


def _check_keys(mapping: yaml.MappingNode, text_keys: bool) -> None:
    seen: set[str] = set()
    for key, _ in mapping.value:
        name = str(key.value)
        if text_keys and not isinstance(key, yaml.ScalarNode):
            raise YamlRefusal("key", key.start_mark)
        if name in seen:
            raise YamlRefusal("twice", key.start_mark, name)
        seen.add(name)
        if text_keys:
            key.tag = "tag:yaml.org,2002:str"
