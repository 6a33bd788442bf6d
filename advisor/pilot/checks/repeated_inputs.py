"""Inputs that come twice: with different answers, or twice in the test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from advisor.domain.cases import Case
from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import Frozen, Task
from advisor.pilot.checks.check import ids, quoted
from advisor.pilot.data.passages import plain


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
