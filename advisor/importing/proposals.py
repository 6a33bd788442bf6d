"""Proposal files as people write them: JSON, YAML, and JSONL with one proposal a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import NamedTuple

from advisor.core.files import plain_size, readable
from advisor.core.parsing import decode, parse, parse_json
from advisor.errors import InputError, Problem
from advisor.proposal import Proposal, parse_proposal

FILE_LIMIT = 100_000_000
"""Bytes in one proposal file, or in one line of a JSONL file."""
_KINDS = (".json", ".jsonl", ".yaml", ".yml")
_MANY = "To assess many, put one proposal on each line of a .jsonl file"


class ProposalLine(NamedTuple):
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
    with readable(path), path.open("rb") as file:
        raw = file.read(FILE_LIMIT + 1)
    data = parse(decode(raw, path.name), path.name)
    if isinstance(data, list):
        raise InputError(Problem(path.name, "holds a list, not one proposal", _MANY))
    return parse_proposal(data, path.name)


def check_file(path: Path) -> None:
    """Refuse what cannot be a proposal file before reading it."""
    kind = path.suffix.lower()
    plain_size(path, inf if kind == ".jsonl" else FILE_LIMIT)
    if kind not in _KINDS:
        what = f"has the ending {path.suffix or 'none'}"
        raise InputError(Problem(path.name, what, f"Use {', '.join(_KINDS)}"))


def read_lines(path: Path) -> Iterator[ProposalLine]:
    """Read a JSONL file line by line in constant memory; a bad line carries its problems."""
    check_file(path)
    with readable(path):
        file = path.open("rb")
    with file:
        for number, raw in enumerate(_raw_lines(path, file.readline), start=1):
            if raw.strip():
                yield _line(number, raw, f"{path.name}:{number}")


def _raw_lines(path: Path, readline: Callable[[int], bytes]) -> Iterator[bytes]:
    while True:
        with readable(path):
            raw = readline(FILE_LIMIT + 1)
        if raw:
            yield raw
        if not raw or len(raw) > FILE_LIMIT:
            return


def _line(number: int, raw: bytes, where: str) -> ProposalLine:
    try:
        if len(raw) > FILE_LIMIT:
            what = f"is longer than {FILE_LIMIT / 1e6:,.0f} MB; reading stops here"
            raise InputError(Problem(where, what, "Put one proposal on each line"))
        return ProposalLine(number, parse_proposal(parse_json(decode(raw, where), where), where))
    except InputError as error:
        return ProposalLine(number, None, error.problems)
