"""Checks on the cases as such: how many, how long, which belong together, which come twice."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import ENOUGH, Task
from advisor.pilot.checks.check import ids, quoted
from advisor.pilot.comparing.statistics.score_table import FEWEST_CASES, FEWEST_GROUPS
from advisor.pilot.data.passages import plain
from advisor.presentation.wording import listing

LONG = 12_000
"""Characters from which a case is long: about 3,000 tokens."""
_APART = 0.3
"""Share of cases on which two arms commonly differ."""
_Z = 1.96, 0.84
"""Quantiles of a two-sided test at 5 % with 80 % power."""
_TOLD = 5
"""Groups that are named."""


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


def groups_apart(frozen: Frozen) -> Iterator[Finding]:
    """Name the groups that have cases on both sides."""
    sides = ({case.group for case in side} for side in (frozen.data.train, frozen.data.test))
    train, test = sides
    both = sorted(group for group in train & test if group is not None)
    if not both:
        return
    cases = tuple(case.id for case in frozen.data.test if case.group in both)
    names = listing([*both[:_TOLD], *([f"{len(both) - _TOLD} more"] if len(both) > _TOLD else [])])
    what = (
        f"{len(cases)} of {len(frozen.data.test)} test cases belong to a group that is also "
        f"trained on ({names}). The result holds for these groups; for new ones it may be worse."
    )
    yield Finding(check="groups", severity="warning", what=what, cases=cases)


def contradictions(frozen: Frozen) -> Iterator[Finding]:
    """Name inputs that have two different wanted answers."""
    same = _by_input([*frozen.data.train, *frozen.data.test])
    torn = [one for one in same if len({plain(case.expected) for case in one}) > 1]
    if not torn:
        return
    first = torn[0]
    other = next(one for one in first if plain(one.expected) != plain(first[0].expected))
    what = (
        f"{len(torn)} inputs have more than one wanted answer, such as {quoted(first[0].input)}: "
        f"{quoted(first[0].expected)} and {quoted(other.expected)}. At most one of them can be "
        "met; settle which is right."
    )
    open_ended = frozen.spec.task is Task.GENERATION
    yield Finding(
        check="contradictions",
        severity="note" if open_ended else "warning",
        what=what,
        cases=ids([case for one in torn for case in one]),
    )


def repeats(frozen: Frozen) -> Iterator[Finding]:
    """Name test cases that come more than once: they count more than once."""
    same = [one for one in _by_input(frozen.data.test) if len(one) > 1]
    if same:
        extra = sum(len(one) - 1 for one in same)
        what = (
            f"{extra} test cases repeat the input of another one and count again; the intervals "
            "look a little narrower than they are."
        )
        cases = ids([case for one in same for case in one])
        yield Finding(check="repeats", severity="note", what=what, cases=cases)


def _by_input(cases: tuple[Case, ...] | list[Case]) -> list[list[Case]]:
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        found[plain(case.input)].append(case)
    return list(found.values())
