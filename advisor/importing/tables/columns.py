"""Which column holds which field of a failure: proposed, or given by a person."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from statistics import fmean

from advisor.core.text import storable
from advisor.errors import InputError, Problem
from advisor.importing.tables.headers import known_headers, loosely_known, plain_name
from advisor.importing.tables.import_result import FIELDS, Column, FieldName
from advisor.importing.tables.table import COLUMN_LIMIT, Table, as_text

_SAMPLES = 3
_SAMPLE_LENGTH = 200
_LOOKED_AT = 200
_PROSE = 25
"""Characters from which a column counts as text on average."""
TEXTS: tuple[FieldName, ...] = ("output", "expected", "note")
"""A failure needs at least one of these."""


@dataclass(frozen=True)
class Proposed:
    """A mapping and whether it can be used without asking."""

    mapping: dict[FieldName, str]
    certain: bool


def column_names(table: Table) -> tuple[str, ...]:
    """Return the names of all columns, in the order they first appear."""
    if table.columns:
        return table.columns
    names = dict.fromkeys(name for row in table.rows for name in row.record)
    return tuple(islice(names, COLUMN_LIMIT))


def samples(table: Table, names: Sequence[str]) -> tuple[Column, ...]:
    """Return each column with its first few different values, shortened."""
    return tuple(
        Column(name=name, samples=tuple(_values(table, name)[:_SAMPLES])) for name in names
    )


def preview_text(value: object) -> str:
    """Return a value as it is shown: storable and shortened."""
    try:
        text = storable(as_text(value)[:_SAMPLE_LENGTH])
    except ValueError:
        return "(nested too deep)"
    return text


def _values(table: Table, name: str) -> list[str]:
    texts = (preview_text(row.record.get(name)) for row in table.rows[:_LOOKED_AT])
    return list(dict.fromkeys(text for text in texts if text.strip()))


def propose(table: Table, names: Sequence[str]) -> Proposed:
    """Propose a mapping from the names of the columns, and where these say nothing, from content.

    It is certain when names alone decided, none could mean two things, and no column of text that
    might be the missing half is left over.
    """
    mapping, unclear, unnamed, twice = _by_name(names)
    _place_unclear(mapping, unclear)
    settled = not unclear or {"output", "expected"} <= mapping.keys()
    prose = [name for name in unnamed if _length(table, name) >= _PROSE]
    decided = any(field in mapping for field in TEXTS) and settled and not twice
    complete = "input" in mapping or not prose
    certain = decided and complete and table.has_header
    if not certain:
        _place_loosely(mapping, unnamed)
        left = [name for name in prose or unnamed if name not in mapping.values()]
        _place_by_content(mapping, left if prose or not mapping else [])
    return Proposed(mapping, certain)


@lru_cache(maxsize=64)
def named(names: tuple[str, ...]) -> Mapping[FieldName, str]:
    """Return which column holds which field as far as the names alone tell."""
    mapping, unclear, _, _ = _by_name(names)
    _place_unclear(mapping, unclear)
    return mapping


def _by_name(names: Sequence[str]) -> tuple[dict[FieldName, str], list[str], list[str], bool]:
    """Return what names alone say, the unclear ones, the unknown ones, and whether two compete."""
    known = known_headers()
    mapping: dict[FieldName, str] = {}
    unclear: list[str] = []
    unnamed: list[str] = []
    twice = False
    for name in names:
        word = plain_name(name)
        field = known.get(word)
        if field is None:
            (unclear if word in known else unnamed).append(name)
        elif field in mapping:
            twice = twice or field != "id"
        else:
            mapping[field] = name
    return mapping, unclear, unnamed, twice


def _place_unclear(mapping: dict[FieldName, str], unclear: list[str]) -> None:
    """Give a name such as "answer" the one meaning that is still free; else it stays unclear."""
    for mine, other in (("output", "expected"), ("expected", "output")):
        if unclear and other in mapping and mine not in mapping:
            mapping[mine] = unclear.pop(0)  # type: ignore[index]
    if unclear and "output" not in mapping:
        mapping["output"] = unclear[0]


def _place_loosely(mapping: dict[FieldName, str], names: Sequence[str]) -> None:
    """Fill the fields that are free with columns whose name holds a known name."""
    for name in names:
        field = loosely_known(name)
        if field and field not in mapping:
            mapping[field] = name


def _place_by_content(mapping: dict[FieldName, str], prose: list[str]) -> None:
    """Fill the fields that are free with columns of text, from left to right."""
    if len(prose) == 1 and not mapping:
        mapping["note"] = prose[0]
        return
    free: list[FieldName] = [
        field for field in ("input", "output", "expected", "note") if field not in mapping
    ]
    mapping |= dict(zip(free, prose, strict=False))


def _length(table: Table, name: str) -> float:
    lengths = [len(text) for text in _values(table, name)]
    return fmean(lengths) if lengths else 0.0


def checked(mapping: Mapping[str, str], names: Sequence[str], where: str) -> dict[FieldName, str]:
    """Return the mapping a person gave, without its empty entries.

    Raises:
        InputError: it names a field or a column that does not exist, or fills nothing.
    """
    given = {field: column for field, column in mapping.items() if column}
    problems = [_unknown(where, "field", field, FIELDS) for field in given if field not in FIELDS]
    problems += [
        _unknown(where, "column", column, names) for column in given.values() if column not in names
    ]
    if not problems and not any(field in given for field in TEXTS):
        mend = "Choose at least one of output, expected, note"
        problems.append(Problem(where, "no column says what went wrong", mend))
    if problems:
        raise InputError(problems)
    return {field: given[field] for field in FIELDS if field in given}


def _unknown(where: str, kind: str, name: object, possible: Sequence[str]) -> Problem:
    word = storable(str(name))[:80]
    close = difflib.get_close_matches(word, possible, n=1)
    mend = f"Did you mean {close[0]!r}?" if close else f"Choose from {', '.join(possible)[:300]}"
    return Problem(where, f"there is no {kind} {word!r}", mend)
