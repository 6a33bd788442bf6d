"""One table from the scores of all files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.errors import InputError, Problem
from advisor.pilot.comparing.reading.lm_eval import LOWER_IS_BETTER
from advisor.pilot.comparing.reading.score_files import CaseScore, Scores
from advisor.pilot.comparing.statistics.score_table import ARM_LIMIT, CELL_LIMIT, ScoreTable
from advisor.presentation.wording import listing

_Cells = dict[tuple[str, str], list[float]]


@dataclass(frozen=True)
class Joined:
    """The table, and what a person should know about how it came to be."""

    table: ScoreTable
    notes: tuple[str, ...]


def join(
    files: Sequence[tuple[str, Scores]], metric: str | None, costs: Mapping[str, float]
) -> Joined:
    """Return one table; cases of the same name are the same case.

    Raises:
        InputError: a metric is missing, an arm is scored twice, or arms are too many.
    """
    chosen = [(where, scores, _metric(where, scores, metric)) for where, scores in files]
    cells: _Cells = {}
    groups: dict[str, str] = {}
    arms: dict[str, None] = {}
    cases: dict[str, None] = {}
    for where, scores, name in chosen:
        found = [score for score in scores.found if score.metric == name]
        arms |= dict.fromkeys(score.arm for score in found)
        cases |= dict.fromkeys(score.case for score in found)
        _check_size(where, len(arms), len(cases))
        _add(cells, found, scores.repeats, where)
        _add_groups(groups, scores.groups, where)
    table = ScoreTable(
        cases=tuple(cases),
        groups=_groups(groups, cases),
        arms=tuple(arms),
        scores=_filled(cells, tuple(cases), tuple(arms)),
        costs=costs,
    )
    return Joined(table, tuple(_notes(chosen)))


def _metric(where: str, scores: Scores, wanted: str | None) -> str:
    """Return the metric of a file: the one that was asked for, else its first."""
    there = list(dict.fromkeys(score.metric for score in scores.found))
    if not there:
        raise InputError(Problem(where, "holds no score", "Score the answers first"))
    several = len(there) > 1
    if wanted is not None and several and wanted not in there:
        what = f"has no metric {wanted[:80]!r}"
        raise InputError(Problem(where, what, f"Use --metric with {listing(there[:20], 'or')}"))
    found = wanted if wanted in there else there[0]
    if found.partition(",")[0] in LOWER_IS_BETTER:
        what = f"is scored by {found}, of which less is better"
        raise InputError(Problem(where, what, "Use --metric to name one of which more is better"))
    return found


def _check_size(where: str, arms: int, cases: int) -> None:
    if arms > ARM_LIMIT or arms * cases > CELL_LIMIT:
        what = f"brings {arms:,} arms and {cases:,} cases"
        mend = f"Keep at most {ARM_LIMIT} arms and {CELL_LIMIT:,} scores"
        raise InputError(Problem(where, what, mend))


def _add(cells: _Cells, found: Iterable[CaseScore], repeats: bool, where: str) -> None:
    before = frozenset(cells)
    for score in found:
        at = score.case, score.arm
        if at in before or (at in cells and not repeats):
            what = f"scores {score.arm[:80]} on {score.case[:80]} a second time"
            mend = "If it is another arm, name it: write ARM=FILE"
            raise InputError(Problem(where, what, mend))
        values = cells.setdefault(at, [])
        if score.value is not None:
            values.append(score.value)


def _add_groups(groups: dict[str, str], more: Mapping[str, str], where: str) -> None:
    for case, group in more.items():
        if groups.setdefault(case, group) != group:
            what = f"puts the case {case[:80]} into another group than the file before"
            raise InputError(Problem(where, what, "Give each case one group"))


def _groups(groups: Mapping[str, str], cases: Iterable[str]) -> tuple[str, ...] | None:
    """Return the group of every case; one without a group is a group of its own."""
    if not groups:
        return None
    return tuple(f"group {groups[case]}" if case in groups else f"case {case}" for case in cases)


def _filled(
    cells: _Cells, cases: Sequence[str], arms: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    scores = np.full((len(cases), len(arms)), np.nan)
    rows = {case: row for row, case in enumerate(cases)}
    columns = {arm: column for column, arm in enumerate(arms)}
    for (case, arm), values in cells.items():
        if values:
            scores[rows[case], columns[arm]] = sum(values) / len(values)
    return scores


def _notes(chosen: Sequence[tuple[str, Scores, str]]) -> Iterable[str]:
    for where, scores, name in chosen:
        others = dict.fromkeys(score.metric for score in scores.found if score.metric != name)
        if others:
            yield f"{where} is scored by {name}; it also has {listing(list(others)[:10])}."
        yield from (f"{where}: {note}" for note in scores.notes)
