"""Cases split into training and test, and the training side into nested shares.

The place of a case depends on its own content and the seed alone, so that a case that is added, or
another order of the file, moves few others.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Task
from advisor.pilot.comparing.statistics.score_table import FEWEST_GROUPS
from advisor.pilot.data.passages import plain

Sides = tuple[list[Case], list[Case]]
"""Training and test."""


def groups_are_labels(cases: Sequence[Case], task: Task) -> bool:
    """Tell whether the group of every case is nothing but its label under another name."""
    if task is not Task.CLASSIFICATION or any(case.group is None for case in cases):
        return False
    pairs = {(case.group, case.expected) for case in cases}
    return len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})


def group_meaning(train: list[Case], test: list[Case], task: Task) -> tuple[Sides, list[Finding]]:
    """Return both sides without groups that are none, and what was changed.

    Groups that are the labels are left out. A few groups that all stand on both sides are kinds of
    cases: nothing is torn apart by them, nothing new is tested, and they are reported as slices.
    """
    if groups_are_labels([*train, *test], task):
        what = "The column group holds nothing but the labels; it is left out."
        return (_without(train), _without(test)), [_note(what)]
    groups = {case.group for case in test}
    few = None not in groups and len(groups) < FEWEST_GROUPS
    if few and groups <= {case.group for case in train}:
        what = (
            f"All {len(groups)} groups stand in training and test, so they are taken as kinds of "
            "cases (slices). The result holds for these, not for new ones."
        )
        return (_as_slices(train), _as_slices(test)), [_note(what)]
    return (train, test), []


def _note(what: str) -> Finding:
    return Finding(check="groups", severity="note", what=what)


def _without(cases: Sequence[Case]) -> list[Case]:
    return [case.model_copy(update={"group": None}) for case in cases]


def _as_slices(cases: Sequence[Case]) -> list[Case]:
    return [
        case.model_copy(update={"group": None, "slice": case.slice or case.group}) for case in cases
    ]


Stratum = tuple[str, str]
"""What the sides have in like parts: the label of a labelling task, and the slice."""


def hold_out(
    cases: Sequence[Case], share: float, seed: int, task: Task
) -> tuple[list[Case], list[Case]]:
    """Split into `(training, test)`, each in the order given.

    Groups and copies of one input stay together; each label and slice is held out by `share` as
    nearly as whole groups allow. A group that is but the label does not count.
    """
    strata = [_stratum(case, task) for case in cases]
    wanted = _wanted(Counter(strata), share)
    ranks = [_rank(seed, case) for case in cases]
    units = sorted(
        _units(cases, task), key=lambda unit: (-len(unit), min(ranks[one] for one in unit))
    )
    test = _chosen(units, strata, wanted)
    return (
        [case for place, case in enumerate(cases) if place not in test],
        [case for place, case in enumerate(cases) if place in test],
    )


def _chosen(
    units: Sequence[list[int]], strata: Sequence[Stratum], wanted: dict[Stratum, int]
) -> set[int]:
    """Return places for the test: units that bring it nearer to what is wanted, large ones first.

    A unit that alone is most of a test waits until the others are found to be too few.
    """
    taken: Counter[Stratum] = Counter()
    test: set[int] = set()
    total = sum(wanted.values())
    for largest in (total / 2, len(strata)):
        for unit in units:
            counts = Counter(strata[place] for place in unit)
            fits = len(unit) <= max(1, largest) and unit[0] not in test
            if fits and _gain(counts, taken, wanted) > 0:
                taken.update(counts)
                test.update(unit)
        if len(test) >= total / 2:
            break
    return test


def _stratum(case: Case, task: Task) -> Stratum:
    return (case.expected if task is Task.CLASSIFICATION else "", case.slice or "")


def _wanted(counts: Counter[Stratum], share: float) -> dict[Stratum, int]:
    """Return how many of each stratum to hold out, largest remainder first; never all of one."""
    exact = {one: share * count for one, count in counts.items()}
    wanted = {one: int(amount) for one, amount in exact.items()}
    missing = round(share * counts.total()) - sum(wanted.values())
    open_ = [one for one in counts if wanted[one] + 1 < counts[one]]
    for one in sorted(open_, key=lambda one: (wanted[one] - exact[one], one))[:missing]:
        wanted[one] += 1
    return wanted


def _gain(counts: Counter[Stratum], taken: Counter[Stratum], wanted: dict[Stratum, int]) -> int:
    """Return how much nearer the test comes to what is wanted of each stratum, in squares."""
    return sum(
        (taken[one] - wanted[one]) ** 2 - (taken[one] + count - wanted[one]) ** 2
        for one, count in counts.items()
    )


def _units(cases: Sequence[Case], task: Task) -> list[list[int]]:
    """Return places of cases that must stay together: one group, or copies, in any chain."""
    grouped = not groups_are_labels(cases, task)
    parent = list(range(len(cases)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[tuple[str, str], int] = {}
    for place, case in enumerate(cases):
        for key in _bonds(case, grouped):
            parent[root(place)] = root(first.setdefault(key, place))
    units: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(cases)):
        units[root(place)].append(place)
    return list(units.values())


def _bonds(case: Case, grouped: bool) -> Iterator[tuple[str, str]]:
    yield "input", plain(case.input)
    if grouped and case.group is not None:
        yield "group", case.group


def _rank(seed: int, case: Case) -> bytes:
    text = f"{seed}\n{case.input}\n{case.expected}"
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def share_of(train: Sequence[Case], share: float, seed: int) -> tuple[Case, ...]:
    """Return a share of the training side, each wanted answer in like part, in the order given.

    Smaller shares with the same seed lie within larger ones. At least one case is returned.
    """
    size = min(len(train), max(1, round(share * len(train))))
    kept = set(_spread(train, seed)[:size])
    return tuple(case for place, case in enumerate(train) if place in kept)


def _spread(train: Sequence[Case], seed: int) -> list[int]:
    """Return places in an order whose every beginning holds each wanted answer in like part."""
    ranks = [_rank(seed, case) for case in train]
    strata: defaultdict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(train):
        strata[case.expected].append(place)
    keyed: Iterable[tuple[float, bytes, int]] = (
        ((turn + 0.5) / len(places), ranks[place], place)
        for places in strata.values()
        for turn, place in enumerate(sorted(places, key=ranks.__getitem__))
    )
    return [place for _, _, place in sorted(keyed)]
