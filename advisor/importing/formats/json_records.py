"""Rows from JSON and JSON lines, with spans taken out of the batches that OpenTelemetry writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.core.text import storable
from advisor.errors import InputError, Problem
from advisor.importing.tables.headers import recognised_headers
from advisor.importing.tables.import_result import Rejected
from advisor.importing.tables.table import Row, Table, check_rows

_WRAPPERS = (
    "resourceSpans",
    "resource_spans",
    "batches",
    "scopeSpans",
    "scope_spans",
    "instrumentationLibrarySpans",
    "spans",
)
BATCHES = _WRAPPERS[:3]
"""Names of the list that a whole batch of spans stands under."""
CONTAINERS = (
    "failures",
    "results",
    *BATCHES,
    "examples_with_runs",
    "examples",
    "data",
    "rows",
    "records",
    "items",
    "output_items",
    "traces",
    "observations",
    "runs",
    "cases",
    "tests",
    "trace",
)
"""Names under which files keep their list, the most telling first."""
_RECORD_MARKS = frozenset({"input", "inputs", "output", "outputs", "expected", "messages", "note"})
_DEPTH = 3
_DIGITS = 4_000


def read_json(text: str, where: str) -> Table:
    """Return the records of a JSON file, or of one that holds JSON lines.

    Raises:
        InputError: it is blank or not JSON, holds no list of records, or too many.
    """
    if not text.strip():
        raise InputError(Problem(where, "holds only blank lines", "Add at least one record"))
    try:
        content = parse(text)
    except json.JSONDecodeError as error:
        table = _read_lines(text, where)
        if table is None:
            raise _broken(error, where) from None
        return table
    except ValueError as error:
        raise InputError(Problem(where, str(error), "Flatten it, then try again")) from None
    return table_of(content, where, "JSON")


def table_of(content: Any, where: str, language: str) -> Table:
    """Return the records in parsed JSON or YAML.

    Raises:
        InputError: it holds no list of records, an empty one, or too many.
    """
    found = _find(content, _DEPTH)
    if found is None:
        mend = "Put one record on each line, or all of them in a list"
        raise InputError(Problem(where, "holds no list of records", mend))
    return _from_list(*found, where, language)


def parse(text: str) -> Any:
    """Return parsed JSON; NaN is a missing value, endless numbers stay text.

    Raises:
        json.JSONDecodeError: it is not JSON.
        ValueError: it is nested too deep.
    """
    try:
        return json.loads(text, parse_int=_whole, parse_constant=lambda name: None)
    except RecursionError:
        raise ValueError("is nested too deep to be read") from None


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < _DIGITS else digits


def _broken(error: json.JSONDecodeError, where: str) -> InputError:
    place = f"{where}, line {error.lineno}, character {error.colno}"
    return InputError(Problem(place, f"is not JSON ({error.msg})", "Check commas and quotes there"))


def _find(content: Any, depth: int) -> tuple[Sequence[Any], str] | None:
    """Return the list of records in `content` and the name it stands under."""
    if isinstance(content, list):
        return content, ""
    if not isinstance(content, dict) or depth == 0:
        return None
    if isinstance(content.get("failures"), list):
        return content["failures"], "failures"
    if content.keys() & _RECORD_MARKS or content.keys() >= {"data", "annotations"}:
        return [content], ""
    for name in CONTAINERS:
        inner = content.get(name)
        if isinstance(inner, (list, dict)) and (found := _find(inner, depth - 1)):
            return found[0], found[1] or name
    return ([content], "") if recognised_headers(list(content)) else None


def _from_list(items: Sequence[Any], name: str, where: str, language: str) -> Table:
    check_rows(where, len(items))
    if not items:
        raise InputError(Problem(where, "holds an empty list", "Add at least one record"))
    rejected: list[Rejected] = []
    rows = [row for line, item in enumerate(items, 1) for row in _rows(line, item, rejected)]
    check_rows(where, len(rows))
    place = f'list under "{name}"' if name else "list"
    return Table(rows=rows, recognised=f"{language} with a {place}", rejected=tuple(rejected))


def _rows(line: int, item: Any, rejected: list[Rejected]) -> list[Row]:
    """Return the rows of one item: one each, or one a span of a batch."""
    if isinstance(item, str) and item.strip():
        return [Row(line, {"note": item})]
    if isinstance(item, dict) and item:
        return [Row(line, clean_names(record)) for record in spread(item)]
    rejected.append(Rejected(line=line, reason="is not an object such as {…} with fields"))
    return []


def clean_names(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose names can be stored and shown."""
    return {storable(name)[:200]: value for name, value in record.items()}


def _read_lines(text: str, where: str) -> Table | None:
    """Read one object a line; None where not even one line is an object."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    check_rows(where, len(lines))
    rejected: list[Rejected] = []
    rows: list[Row] = []
    for number, line in lines:
        try:
            rows += _rows(number, parse(line), rejected)
        except json.JSONDecodeError as error:
            reason = f"is not JSON ({error.msg}, character {error.colno})"
            rejected.append(Rejected(line=number, reason=reason))
        except ValueError as error:
            rejected.append(Rejected(line=number, reason=str(error)))
    check_rows(where, len(rows))
    return Table(rows=rows, recognised="JSON lines", rejected=tuple(rejected)) if rows else None


def spread(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give each span of a batch; any other record as it is."""
    for name in _WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, list) and all(isinstance(item, Mapping) for item in inner):
            for item in inner:
                yield from [item] if name == "spans" else spread(item)
            return
    yield record
