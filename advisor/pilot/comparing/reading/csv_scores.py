"""Scores as CSV: a column `case`, perhaps `group`, and one column for each arm."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.importing.formats.decoding import decode
from advisor.importing.formats.delimited import find_separator
from advisor.pilot.comparing.reading.score_files import CaseScore, ScoreFile, Scores, named
from advisor.pilot.comparing.statistics.score_table import CELL_LIMIT

METRIC = "score"
_CASE, _GROUP = "case", "group"
_SNIFFED = 50
_PROBLEMS = 20
"""Problems listed; a file with more of them has one that explains them all."""
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-"})
_YES_NO = {"true": 1.0, "false": 0.0, "pass": 1.0, "fail": 0.0, "yes": 1.0, "no": 0.0}
_MEND = "Write 0 or 1 or another number, and leave it empty where the arm did not run the case"


@dataclass(frozen=True)
class _Columns:
    """Where everything stands."""

    case: int
    group: int | None
    arms: tuple[tuple[int, str], ...]
    width: int


def read_delimited(source: ScoreFile) -> Scores:
    """Return the scores of a table.

    Raises:
        InputError: with one problem for each cell, row or column that is wrong, twenty at most.
    """
    where = shown(source.name)
    decoded = decode(source.data, where)
    separator = find_separator(list(islice(io.StringIO(decoded.text, newline=""), _SNIFFED)))
    rows = _rows(decoded.text, separator, where)
    header = next(rows, None)
    if header is None:
        raise InputError(Problem(where, "holds no rows", "Give a header and one row for each case"))
    columns = _columns(header[1], where)
    reader = _ScoreReader(where, columns, comma=separator == ";")
    for place, (line, cells) in enumerate(rows, start=1):
        if place * len(columns.arms) > CELL_LIMIT:
            what = f"has more than {CELL_LIMIT:,} scores, the limit"
            raise InputError(Problem(where, what, "Keep a random sample of the cases"))
        reader.take(line, cells)
    return reader.result(decoded.notes)


def _rows(text: str, separator: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank, with the line it ends on."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield lines.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        place = f"{where}, line {lines.line_num}"
        raise InputError(Problem(place, f"is no row ({error})", "Mend or remove it")) from None


def _columns(header: Sequence[str], where: str) -> _Columns:
    names = [named(cell) for cell in header]
    lower = [name.casefold() for name in names]
    problems = [
        Problem(where, f"has the column {name!r} {names.count(name)} times", "Rename one of them")
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    if _CASE not in lower:
        mend = "Name the column that tells the cases apart `case`; every other one is an arm"
        problems.append(Problem(where, "has no column `case`", mend))
    special = {_CASE, _GROUP}
    arms = tuple((at, name) for at, name in enumerate(names) if name and lower[at] not in special)
    if not arms:
        problems.append(Problem(where, "has no arm", "Add one column of scores for each arm"))
    if problems:
        raise InputError(problems)
    group = lower.index(_GROUP) if _GROUP in lower else None
    return _Columns(lower.index(_CASE), group, arms, len(names))


class _ScoreReader:
    """Collects rows and what is wrong with them."""

    def __init__(self, where: str, columns: _Columns, comma: bool) -> None:
        self._where, self._columns, self._comma = where, columns, comma
        self._lines: dict[str, int] = {}
        self._found: list[CaseScore] = []
        self._groups: dict[str, str] = {}
        self._problems: list[Problem] = []

    def take(self, line: int, cells: list[str]) -> None:
        """Read one row."""
        columns, place = self._columns, f"{self._where}, line {line}"
        if any(cells[columns.width :]):
            what = f"has {len(cells)} cells where the header has {columns.width}"
            return self._refuse(Problem(place, what, "Put quotes round texts with a separator"))
        cells = cells + [""] * (columns.width - len(cells))
        case = named(cells[columns.case])
        if not case:
            return self._refuse(Problem(place, "has no case", "Name the case"))
        if case in self._lines:
            what = f"repeats the case {case[:80]!r} of line {self._lines[case]}"
            return self._refuse(Problem(place, what, "Keep one row for each case"))
        self._lines[case] = line
        if columns.group is not None and cells[columns.group]:
            self._groups[case] = named(cells[columns.group])
        for at, arm in columns.arms:
            self._score(place, case, arm, cells[at])
        return None

    def _score(self, place: str, case: str, arm: str, cell: str) -> None:
        try:
            value = None if cell.casefold() in _MISSING else self._number(cell)
        except ValueError:
            what = f"has {cell[:40]!r} under {arm[:80]}, which is not a number"
            self._refuse(Problem(place, what, _MEND))
        else:
            self._found.append(CaseScore(arm, case, METRIC, value))

    def _number(self, cell: str) -> float:
        if cell.casefold() in _YES_NO:
            return _YES_NO[cell.casefold()]
        plain = cell.replace(",", ".") if self._comma else cell
        value = float(plain) if plain.isascii() and "_" not in plain else math.nan
        if not math.isfinite(value):
            raise ValueError(cell)
        return value

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) == _PROBLEMS:
            raise InputError(self._problems)

    def result(self, notes: tuple[str, ...]) -> Scores:
        """Return everything, or raise what is wrong."""
        if not self._lines and not self._problems:
            mend = "Add one row for each case below it"
            self._problems.append(Problem(self._where, "holds only a header row", mend))
        if self._problems:
            raise InputError(self._problems)
        return Scores("a table of scores", tuple(self._found), self._groups, notes=notes)
