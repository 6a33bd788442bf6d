"""Columns called group that name no groups: the labels once more, or kinds of cases."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import Task
from advisor.pilot.comparing.statistics.guards import FEWEST_GROUPS

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
