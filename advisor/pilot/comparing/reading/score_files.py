"""Files of scores: what somebody gives, its JSON, and the scores in it one by one."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from advisor.core.files import MEGABYTE
from advisor.core.text import shown, storable
from advisor.errors import InputError, Problem
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.json_records import parse

TEXT_LIMIT = 100 * MEGABYTE
"""Bytes of one file of scores."""
LINE_LIMIT = 20 * MEGABYTE
"""Bytes of one line of a JSONL file, and of one part of a packed log once unpacked."""
NAME_LIMIT = 200
"""Characters kept of the name of an arm, a case or a group."""


@dataclass(frozen=True)
class ScoreFile:
    """One file that somebody gave."""

    name: str
    """The file's name, only ever shown or taken as the name of an arm."""
    data: bytes
    arm: str | None = None
    """What to call the one arm in it."""
    folder: str = ""
    """Name of the folder it lies in: some tools write there which model it was."""


class CaseScore(NamedTuple):
    """What one arm scored on one case by one metric; None where it has no score."""

    arm: str
    case: str
    metric: str
    value: float | None


@dataclass(frozen=True)
class Scores:
    """Everything found in one file."""

    recognised: str
    """What the file was taken for."""
    found: tuple[CaseScore, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    """Group of a case, where the file has groups."""
    repeats: bool = False
    """Whether a case may be scored several times; the mean counts."""
    notes: tuple[str, ...] = ()


def as_score(value: Any) -> float | None:
    """Return a number, or 1 and 0 for yes and no; None for NaN and whatever is no number."""
    if not isinstance(value, bool | int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def named(value: Any) -> str:
    """Return a name on one line that can be stored and shown."""
    return storable(" ".join(str(value)[: 5 * NAME_LIMIT].split()))[:NAME_LIMIT]


def numbers(record: Mapping[str, Any], names: Iterable[Any]) -> dict[str, float]:
    """Return the entries of `record` that are numbers."""
    found = {named(name): as_score(record.get(name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}


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
