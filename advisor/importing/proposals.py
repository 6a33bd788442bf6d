"""Proposal files as people write them: JSON, YAML, and JSONL with one proposal a line."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

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
    with _readable(path), path.open("rb") as file:
        raw = file.read(FILE_LIMIT + 1)
    data = parse(decode(raw, path.name), path.name)
    if isinstance(data, list):
        raise InputError(Problem(path.name, "holds a list, not one proposal", _MANY))
    return parse_proposal(data, path.name)


def check_file(path: Path) -> None:
    """Refuse what cannot be a proposal file before reading it."""
    with _readable(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise InputError(Problem(path.name, "is a folder", "Give the path of a file"))
    if not stat.S_ISREG(found.st_mode):
        raise InputError(Problem(path.name, "is not a plain file", "Give the path of a file"))
    if path.suffix.lower() not in _KINDS:
        what = f"has the ending {path.suffix or 'none'}"
        raise InputError(Problem(path.name, what, f"Use {', '.join(_KINDS)}"))
    if found.st_size > FILE_LIMIT and path.suffix.lower() != ".jsonl":
        what = f"has {found.st_size / 1e6:,.0f} MB; the limit is {FILE_LIMIT / 1e6:,.0f} MB"
        raise InputError(Problem(path.name, what, "Give fewer failures"))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in plain words why a file cannot be looked at or read."""
    name = path.name or str(path)
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(Problem(name, "no such file", "Check the path")) from None
    except PermissionError:
        raise InputError(Problem(name, "may not be read", "Ask for the right to read it")) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name cannot be used"
        raise InputError(Problem(name[:80], f"cannot be read: {why}", "Check the path")) from None


def read_lines(path: Path) -> Iterator[ProposalLine]:
    """Read a JSONL file line by line in constant memory; a bad line carries its problems."""
    check_file(path)
    with _readable(path):
        file = path.open("rb")
    with file:
        for number, raw in enumerate(_raw_lines(path, file.readline), start=1):
            if raw.strip():
                yield _line(number, raw, f"{path.name}:{number}")


def _raw_lines(path: Path, readline: Callable[[int], bytes]) -> Iterator[bytes]:
    while True:
        with _readable(path):
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
