"""Rows from YAML, as promptfoo writes its results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from advisor.core.files import MEGABYTE
from advisor.core.guarded_yaml import YamlRefusal, guarded_events, line_of
from advisor.errors import InputError, Problem
from advisor.importing.formats.json_records import table_of
from advisor.importing.tables.import_result import UNPACKED_LIMIT
from advisor.importing.tables.table import Table

YAML_LIMIT = 4 * MEGABYTE
"""Characters of YAML: it is slow to read."""
_DEPTH = 99
_NODES = 2_000_000
_MEND = "Export it as JSON"
_REFUSED = {
    "depth": "is nested too deep to be read",
    "tag": "is not read: it holds tags (!name)",
}


@dataclass
class _Size:
    nodes: int = 0
    letters: int = 0

    def add(self, other: _Size) -> None:
        self.nodes += other.nodes
        self.letters += other.letters
        if self.nodes > _NODES or self.letters > UNPACKED_LIMIT:
            raise ValueError("is too large once its references are written out")


def read_yaml(text: str, where: str) -> Table:
    """Return the records of a YAML file.

    Raises:
        InputError: it is not YAML, too large, holds no list of records, or too many.
    """
    if len(text) > YAML_LIMIT:
        what = f"has more than {YAML_LIMIT // MEGABYTE} million characters of YAML, the limit"
        raise InputError(Problem(where, what, _MEND))
    try:
        _check_sizes(guarded_events(text, _DEPTH, aliases=True))
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
        content = documents[0] if len(documents) == 1 else documents
        # Dates, and names that are no texts, become what JSON would hold.
        plain = json.loads(json.dumps(content, default=str, skipkeys=True))
    except YamlRefusal as error:
        raise InputError(Problem(where, _REFUSED[error.kind], _MEND)) from None
    except yaml.MarkedYAMLError as error:
        what = f"is not YAML ({error.problem})"
        raise InputError(Problem(f"{where}, line {line_of(error) or 1}", what, _MEND)) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        told = " ".join(str(error).split())[:200]
        what = told if told.startswith("is ") else f"is not YAML ({told})"
        raise InputError(Problem(where, what, _MEND)) from None
    return table_of(plain, where, "YAML")


def _check_sizes(events: Iterator[yaml.Event]) -> None:
    """Refuse circles, and references that grow beyond the limit, before loading."""
    open_parts: list[tuple[str | None, _Size]] = [(None, _Size())]
    known: dict[str, _Size] = {}
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append((event.anchor, _Size(1)))
            continue
        anchor, size = _closed(event, open_parts, known)
        known |= {anchor: size} if anchor else {}
        open_parts[-1][1].add(size)


def _closed(
    event: yaml.Event, open_parts: list[tuple[str | None, _Size]], known: dict[str, _Size]
) -> tuple[str | None, _Size]:
    """Return the anchor and the size of what is complete with this event."""
    if isinstance(event, yaml.CollectionEndEvent):
        return open_parts.pop()
    if isinstance(event, yaml.ScalarEvent):
        return event.anchor, _Size(1, len(event.value))
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in known:
            raise ValueError("is not YAML (a reference to something that is not yet complete)")
        return None, known[event.anchor]
    return None, _Size()
