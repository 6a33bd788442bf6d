"""Whether there are enough cases and groups to conclude anything, and whether any is too long."""

from __future__ import annotations

import math
from collections.abc import Iterator

from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import ENOUGH, Frozen
from advisor.pilot.checks.check import ids
from advisor.pilot.comparing.statistics.score_table import FEWEST_CASES, FEWEST_GROUPS

LONG = 12_000
"""Characters from which a case is long: about 3,000 tokens."""
_APART = 0.3
"""Share of cases on which two arms commonly differ."""
_Z = 1.96, 0.84
"""Quantiles of a two-sided test at 5 % with 80 % power."""


def smallest_difference(cases: int) -> float:
    """Return the difference of shares that so many paired cases show with 80 % power.

    Connor (1987), solved for the difference; two arms are taken to differ on three cases in ten,
    or on as many as the difference needs.
    """
    for step in range(1, 100):
        gap = step / 100
        apart = max(_APART, gap)
        needed = (_Z[0] * math.sqrt(apart) + _Z[1] * math.sqrt(apart - gap**2)) / gap
        if needed**2 <= cases:
            return gap
    return 1.0


def enough(frozen: Frozen) -> Iterator[Finding]:
    """Say what so many test cases and groups can show."""
    count = len(frozen.data.test)
    points = round(100 * smallest_difference(count))
    shows = f"{count} test cases show differences of about {points} points or more"
    if count < FEWEST_CASES:
        what = f"{shows}, and are too few for a verdict. Bring {FEWEST_CASES} or more."
        yield Finding(check="amount", severity="blocks", what=what)
    elif count < ENOUGH:
        what = (
            f"{shows}; smaller ones stay open. The margin here is {100 * frozen.margin:.0f} points."
        )
        yield Finding(check="amount", severity="note", what=what)
    yield from _groups(frozen)


def _groups(frozen: Frozen) -> Iterator[Finding]:
    groups = {case.group for case in frozen.data.test if case.group is not None}
    if groups and len(groups) < FEWEST_GROUPS:
        what = (
            f"The test cases come from only {len(groups)} groups; a verdict needs "
            f"{FEWEST_GROUPS}. Bring more groups, or leave the column group out if what belongs "
            "together may stand on both sides."
        )
        yield Finding(check="amount", severity="blocks", what=what)


def lengths(frozen: Frozen) -> Iterator[Finding]:
    """Name cases that are long for a small model."""
    cases = [*frozen.data.train, *frozen.data.test]
    long = [case for case in cases if len(case.input) + len(case.expected) > LONG]
    if long:
        what = (
            f"{len(long)} of {len(cases)} cases have more than {LONG:,} characters (about "
            f"{LONG // 4:,} tokens): they take most of the time, and a small model may not see "
            "all of them."
        )
        yield Finding(check="length", severity="warning", what=what, cases=ids(long))
