"""What `advisor pilot compare` does; it returns its exit code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.commands.exits import DONE
from advisor.core.files import read_path
from advisor.core.terminal import json_line, one_line, write_message, write_results
from advisor.errors import InputError, Problem
from advisor.pilot.comparing.compare import compare
from advisor.pilot.comparing.reading import TEXT_LIMIT, ScoreFile, read_scores
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.pilot.comparing.statistics.score_words import ScoreWords


@dataclass(frozen=True)
class CompareRequest:
    """What a person asked for."""

    files: Sequence[str]
    """Each a path, or `ARM=PATH`."""
    as_json: bool = False
    primary: str | None = None
    """`ARM:ARM`."""
    margin: float | None = None
    recommended: str | None = None
    costs: Sequence[str] = ()
    """Each `ARM=NUMBER`."""
    metric: str | None = None


def run_compare(request: CompareRequest) -> int:
    """Compare the arms in files of scores and print the verdict.

    Raises:
        InputError: a file cannot be read, or an option makes no sense.
    """
    costs = dict(_cost(given) for given in request.costs)
    joined = read_scores([_source(given) for given in request.files], request.metric, costs)
    for note in joined.notes:
        write_message(one_line(note))
    _check_costs(costs, joined.table)
    result = compare(
        joined.table,
        primary=_primary(request.primary, joined.table.arms) if request.primary else None,
        margin=request.margin,
        recommended=request.recommended,
    )
    if request.as_json:
        write_results(json_line(result.model_dump(mode="json")))
    else:
        from advisor.pilot.comparing.terminal_view import drawn  # heavy: rich

        write_results(drawn(result, ScoreWords(joined.table.scale)))
    return DONE


def _source(given: str) -> ScoreFile:
    """Read a file; a name in front of it counts only where no file has the whole as its name."""
    arm, sign, rest = given.partition("=")
    path, name = (Path(rest), arm) if sign and arm and not _exists(given) else (Path(given), None)
    data = read_path(path, TEXT_LIMIT)
    return ScoreFile(path.name, data, name, path.absolute().parent.name)


def _exists(given: str) -> bool:
    try:
        return Path(given).exists()
    except (OSError, ValueError):
        return False


def _primary(given: str, arms: Sequence[str]) -> tuple[str, str]:
    """Return the two arms of `A:B`; their names may hold colons themselves."""
    cuts = [place for place, letter in enumerate(given) if letter == ":"]
    pairs = [(given[:cut], given[cut + 1 :]) for cut in cuts]
    known = [pair for pair in pairs if pair[0] in arms and pair[1] in arms]
    if len(known) == 1:
        return known[0]
    if len(pairs) == 1:
        return pairs[0]
    mend = f"Write ARM:ARM with two of {', '.join(arms)}"
    raise InputError(Problem("--primary", f"{given[:80]!r} does not name two arms", mend))


def _cost(given: str) -> tuple[str, float]:
    arm, _, number = given.rpartition("=")
    try:
        cost = float(number)
    except ValueError:
        cost = math.nan
    if not arm or not math.isfinite(cost):
        mend = "Write ARM=NUMBER; only the order of the numbers counts"
        raise InputError(Problem("--cost", f"{given[:80]!r} is no arm with a cost", mend))
    return arm, cost


def _check_costs(costs: dict[str, float], table: ScoreTable) -> None:
    if wrong := [arm for arm in costs if arm not in table.arms]:
        mend = f"Use one of {', '.join(table.arms)}"
        raise InputError(Problem("--cost", f"there is no arm {wrong[0][:80]!r}", mend))
