"""The one way to compare arms: scores in, comparisons and a verdict out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from advisor.domain.comparison import ArmScore, Comparison
from advisor.domain.pilot_spec import ENOUGH, FEW, MANY
from advisor.errors import InputError, Problem
from advisor.pilot.comparing.statistics.measuring import (
    MeasuredComparison,
    arm_scores,
    best_of,
    measured_comparisons,
)
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.pilot.comparing.verdict.standing import VerdictCase, arm_to_choose
from advisor.pilot.comparing.verdict.verdict_rules import judge


def compare(
    table: ScoreTable,
    *,
    primary: tuple[str, str] | None = None,
    margin: float | None = None,
    recommended: str | None = None,
    seed: int = 0,
) -> Comparison:
    """Compare every two arms on the cases that both ran, and judge a recommendation.

    With `recommended`, the verdict is about that arm against all others. With `primary` alone, it
    is about b against a. With neither, it is about the simplest arm that is good enough.

    Args:
        table: scores, one row a case.
        primary: the comparison that was planned, a and b; it is not corrected for the others.
            Left out, it is the simplest other arm against the recommended one.
        margin: smallest difference that matters, in units of the score. Left out, a tenth of the
            scale, or a twentieth from 200 cases on.
        recommended: the arm that was recommended.
        seed: for what is drawn at random.

    Raises:
        InputError: an arm that is named does not exist, or the margin makes no sense.
    """
    if problems := tuple(_problems(table, primary, margin, recommended)):
        raise InputError(problems)
    table = table.in_order()
    planned = primary or _planned(table, recommended)
    margin = margin or _margin(table, planned)
    measured = measured_comparisons(table, planned, margin, seed)
    found = arm_scores(table)
    case = _case(table, found, measured, margin, _asked(table, primary, recommended))
    return Comparison(
        arms=found,
        comparisons=tuple(comparison.contrast for comparison in measured),
        verdict=judge(case, planned),
    )


def _problems(
    table: ScoreTable,
    primary: tuple[str, str] | None,
    margin: float | None,
    recommended: str | None,
) -> Iterator[Problem]:
    if not table.arms:
        yield Problem("scores", "hold no arm", "Add one column of scores for each arm")
    named = [*(("primary", arm) for arm in primary or ()), ("recommended", recommended)]
    for where, arm in named:
        if arm is not None and arm not in table.arms:
            yield Problem(where, f"there is no arm {arm[:80]!r}", _nearest(arm, table.arms))
    if primary and primary[0] == primary[1]:
        yield Problem("primary", "names the same arm twice", "Name two different arms")
    width = table.scale.width
    if margin is not None and not (math.isfinite(margin) and 0 < margin < width):
        mend = f"Give a number above 0 and below {width:g}, the width of the scale"
        yield Problem("margin", f"cannot be {margin:g}", mend)


def _nearest(arm: str, arms: Sequence[str]) -> str:
    close = get_close_matches(arm[:80], arms, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Use one of {', '.join(arms)}"


def _planned(table: ScoreTable, recommended: str | None) -> tuple[str, str] | None:
    """Return the comparison that is primary where none was named: chosen by cost, never by data."""
    others = [arm for arm in table.simplest_first() if arm != recommended]
    if recommended and others:
        return others[0], recommended
    return (others[0], others[1]) if len(others) == 2 else None


def _margin(table: ScoreTable, planned: tuple[str, str] | None) -> float:
    """Return the margin for as many cases as the planned arms share, or any two arms."""
    ran = ~np.isnan(table.scores)
    if planned:
        shared = int(
            (ran[:, table.arms.index(planned[0])] & ran[:, table.arms.index(planned[1])]).sum()
        )
    else:
        shared = int((ran.sum(axis=1) > 1).sum())
    return (MANY if shared >= ENOUGH else FEW) * table.scale.width


def _asked(
    table: ScoreTable, primary: tuple[str, str] | None, recommended: str | None
) -> tuple[str, tuple[str, ...]] | None:
    """Return the arm that the verdict is about and what it is held against; None to choose one."""
    if recommended is not None:
        return recommended, tuple(arm for arm in table.arms if arm != recommended)
    return (primary[1], (primary[0],)) if primary else None


def _case(
    table: ScoreTable,
    found: tuple[ArmScore, ...],
    measured: tuple[MeasuredComparison, ...],
    margin: float,
    asked: tuple[str, tuple[str, ...]] | None,
) -> VerdictCase:
    best = best_of(table, found)
    arm = (
        asked[0]
        if asked
        else arm_to_choose(table, measured, best.arm if best else table.arms[0], margin)
    )
    against = asked[1] if asked else tuple(other for other in table.arms if other != arm)
    return VerdictCase(table, found, measured, arm, against, asked is not None, margin)
