"""Proposal files as people write them: JSON, YAML, and JSONL with one proposal a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from advisor.errors import InputError, Problem
from advisor.proposal import Proposal, parse_proposal

FILE_LIMIT = 100_000_000
"""Bytes in one proposal file, or in one line of a JSONL file."""
_KINDS = (".json", ".jsonl", ".yaml", ".yml")


class Line(NamedTuple):
    """One line of a JSONL file: a proposal, or the problems with it."""

    number: int
    proposal: Proposal | None
    problems: tuple[Problem, ...] = ()


def read_proposal(path: Path) -> Proposal:
    """Read one proposal from a JSON or YAML file.

    Raises:
        InputError: one problem for each thing that is wrong.
    """
    check_file(path)
    text = _decode(path.read_bytes(), path.name)
    return parse_proposal(parse(text, path.name), path.name)


def check_file(path: Path) -> None:
    """Refuse what cannot be a proposal file before reading it."""
    if not path.is_file():
        raise InputError(Problem(path.name, "no such file", "Check the path"))
    if path.suffix.lower() not in _KINDS:
        what = f"has the ending {path.suffix or 'none'}"
        raise InputError(Problem(path.name, what, f"Use {', '.join(_KINDS)}"))
    size = path.stat().st_size
    if size > FILE_LIMIT and path.suffix.lower() != ".jsonl":
        what = f"has {size / 1e6:,.0f} MB; the limit is {FILE_LIMIT / 1e6:,.0f} MB"
        raise InputError(Problem(path.name, what, "Give fewer failures"))


def read_lines(path: Path) -> Iterator[Line]:
    """Read a JSONL file line by line in constant memory; a bad line carries its problems."""
    check_file(path)
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(FILE_LIMIT + 1):
            number += 1
            if raw.strip():
                yield _line(number, raw, f"{path.name}:{number}")
            if len(raw) > FILE_LIMIT:
                return


def _line(number: int, raw: bytes, where: str) -> Line:
    try:
        if len(raw) > FILE_LIMIT:
            what = f"is longer than {FILE_LIMIT / 1e6:,.0f} MB; reading stops here"
            raise InputError(Problem(where, what, "Put one proposal on each line"))
        data = parse_json(_decode(raw, where), where)
        return Line(number, parse_proposal(data, where))
    except InputError as error:
        return Line(number, None, error.problems)


def parse(text: str, name: str) -> Any:
    """Parse JSON or YAML by the ending of `name`."""
    return parse_json(text, name) if name.lower().endswith(".json") else parse_yaml(text, name)


def parse_json(text: str, where: str) -> Any:
    """Parse JSON; `NaN`, endless nesting and endless numbers are refused.

    Raises:
        InputError: with the line and column.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        what = "is nested too deeply"
    except ValueError as error:
        what = f"holds a number that cannot be used ({error})"
    raise InputError(Problem(where, what, "Mend that place and try again"))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which can blow a small file up to fill the memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.MarkedYAMLError(None, None, "aliases (*name) are not read", mark)
        return super().compose_node(parent, index)


def parse_yaml(text: str, where: str) -> Any:
    """Parse YAML without tags or aliases.

    Raises:
        InputError: with the line and column.
    """
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = f"is not YAML: {error.problem}{place}"
    except (yaml.YAMLError, ValueError) as error:
        what = f"is not YAML: {' '.join(str(error).split())[:200]}"
    except RecursionError:
        what = "is nested too deeply"
    raise InputError(Problem(where, what, "Mend that place and try again"))


def _decode(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 text: byte {error.start + 1} is {raw[error.start]:#04x}"
        raise InputError(Problem(where, what, "Save it as UTF-8")) from None
