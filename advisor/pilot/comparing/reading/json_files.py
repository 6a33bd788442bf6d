"""JSON of any tool, whole or line by line; hostile numbers and nesting are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.json_records import parse
from advisor.pilot.comparing.reading.score_records import LINE_LIMIT, ScoreFile


def documents(source: ScoreFile) -> Iterator[tuple[str, Any]]:
    """Yield the one document of a JSON file, or each line of JSON lines, with where it stands.

    Raises:
        InputError: it is not JSON, nested too deep, or a line is over the limit.
    """
    where = shown(source.name)
    text = decode(source.data, where).text
    first, _, rest = text.lstrip().partition("\n")
    if rest.strip() and _is_whole(first):
        yield from _lines(text, where)
    else:
        yield where, parsed(text, where)


def _is_whole(line: str) -> bool:
    """Tell whether the first line is a document of its own."""
    try:
        return len(line) <= LINE_LIMIT and isinstance(parse(line), dict)
    except ValueError:
        return False


def _lines(text: str, where: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        place = f"{where}, line {number}"
        if len(line) > LINE_LIMIT:
            what = f"is longer than {LINE_LIMIT // 1_000_000} MB, the limit"
            raise InputError(Problem(place, what, "Leave out long texts; only scores are needed"))
        if line.strip():
            yield place, parsed(line, place)


def parsed(text: str, where: str) -> Any:
    """Return parsed JSON.

    Raises:
        InputError: with the line and column.
    """
    try:
        return parse(text)
    except json.JSONDecodeError as error:
        what = f"is not JSON ({error.msg}, line {error.lineno}, character {error.colno})"
        raise InputError(Problem(where, what, "Export it again")) from None
    except ValueError as error:
        raise InputError(Problem(where, str(error), "Export it again")) from None
