"""Failures in groups that fail alike, each with a name, an example and a remedy, and their map.

The same failures give the same groups in any order; a few more or less move only the smallest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from advisor.core.strict import Strict
from advisor.domain.assessment import FailureReading
from advisor.failures.features.case import FailureCase
from advisor.models.encoder import Encoder
from advisor.proposal import Failure
from advisor.triage.evidence import Array, Facts
from advisor.triage.grouping.failure_map import Projection, load_projection
from advisor.triage.grouping.group_names import describe
from advisor.triage.grouping.kinds import Kinds, Places, SortedFailures, joined, kinds_of, sort
from advisor.triage.grouping.merge import merge
from advisor.triage.grouping.remedy import choices
from advisor.triage.reasons import matrix
from advisor.vocabulary import Mode, Remedy

BATCH = 256
"""Failures sorted between two signs of progress."""
NOTHING_KNOWN = Facts({})

Tell = Callable[[int], object]
"""Is told how many are done."""


class FailureGroup(Strict):
    """Failures that fail alike."""

    id: str
    """Names what stands in the middle, so it stays when a few failures come or go."""
    name: str
    """What they have in common in a few words; may hold words of the user, as plain text."""
    common: str
    """The same in one sentence."""
    ids: tuple[str, ...]
    share: float
    """Share of all failures, 0 to 1."""
    modes: dict[Mode, int]
    """How many members read as which mode, most first."""
    example: str
    """Id of the member nearest the middle."""
    remedy: Remedy
    why: str
    """Why this remedy, in one sentence."""


class MapPoint(Strict):
    """Where one failure stands on the map; near means failing alike."""

    id: str
    x: float
    y: float
    group: str
    """Id of its group."""
    mode: Mode


class Grouping(Strict):
    """Groups, the largest first, and points in the order in which the failures were given."""

    groups: tuple[FailureGroup, ...] = ()
    points: tuple[MapPoint, ...] = ()


def group(
    failures: Sequence[Failure],
    readings: Sequence[FailureReading],
    encoder: Encoder,
    tell: Tell | None = None,
    facts: Facts = NOTHING_KNOWN,
) -> Grouping:
    """Group failures by how they fail, and place them on the map.

    Args:
        failures: any number.
        readings: what the classifier says of each, in the same order; ids are taken from them.
        encoder: the one that the classifier reads with.
        tell: is told how many failures are done, after every few hundred.
        facts: what is known beyond the failures; remedies are judged by it, as in triage.

    Raises:
        ModelError: the map was not made for this encoder; the message says how to mend it.
    """
    if not failures:
        return Grouping()
    keys = [failure.key for failure in failures]
    order = sorted(range(len(failures)), key=lambda place: (keys[place], readings[place].id))
    work = _Work(
        cases=[FailureCase.of(failures[place]) for place in order],
        readings=[readings[place] for place in order],
        keys=[keys[place] for place in order],
        encoder=encoder,
        facts=facts,
    )
    return work.grouping(np.argsort(order), load_projection(encoder), tell or (lambda done: None))


@dataclass(frozen=True)
class _Work:
    """Failures in an order that depends on nothing but themselves."""

    cases: Sequence[FailureCase]
    readings: Sequence[FailureReading]
    keys: Sequence[str]
    encoder: Encoder
    facts: Facts

    @cached_property
    def kinds(self) -> Kinds:
        return kinds_of(self.encoder)

    def grouping(self, given: Places, projection: Projection, tell: Tell) -> Grouping:
        """Group and place them; `given` is where each failure as it was given stands here."""
        looks = self._sorted(tell)
        labels = merge(looks.kinds, self.kinds.positions, self.kinds.tree)
        members = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
        groups = self._groups(looks, members)
        places = projection.place(looks, self.keys, [reading.id for reading in self.readings])
        points = [
            self._point(place, groups[labels[place]].id, places[place]) for place in given.tolist()
        ]
        largest = sorted(groups, key=lambda group: (-len(group.ids), group.id))
        return Grouping(groups=tuple(largest), points=tuple(points))

    def _sorted(self, tell: Tell) -> SortedFailures:
        parts = []
        for start in range(0, len(self.cases), BATCH):
            step = slice(start, start + BATCH)
            chances = matrix(self.readings[step])
            parts.append(sort(self.cases[step], chances, self.kinds, self.encoder))
            tell(min(start + BATCH, len(self.cases)))
        return joined(parts)

    def _groups(self, looks: SortedFailures, members: Sequence[Places]) -> list[FailureGroup]:
        """Return the group of each label, in the order of labels."""
        mixes = np.stack([looks.chances[places].mean(axis=0) for places in members])
        remedies = choices(mixes, matrix(self.readings), self.facts)
        modes = [Counter(self.readings[place].mode for place in places) for places in members]
        described = describe(self.cases, looks, members, modes)
        return [
            FailureGroup(
                id=self.kinds.name(_first_kind(looks, places)),
                name=name,
                common=common,
                ids=tuple(sorted(self.readings[place].id for place in places)),
                share=len(places) / len(self.cases),
                modes=dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
                example=self.readings[_middle(looks, places)].id,
                remedy=remedy,
                why=why,
            )
            for places, counts, (name, common), (remedy, why) in zip(
                members, modes, described, remedies, strict=True
            )
        ]

    def _point(self, place: int, group: str, at: Array) -> MapPoint:
        reading = self.readings[place]
        return MapPoint(
            id=reading.id, x=float(at[0]), y=float(at[1]), group=group, mode=reading.mode
        )


def _middle(looks: SortedFailures, places: Places) -> int:
    """Return the member nearest the middle."""
    rows = looks.positions[places]
    return int(places[((rows - rows.mean(axis=0)) ** 2).sum(axis=1).round(9).argmin()])


def _first_kind(looks: SortedFailures, places: Places) -> int:
    """Return the first kind of the group in the fixed order of kinds: no other group has it.

    It names the same group again when 5 % of the failures go, for 93 % of the failures; the kind
    nearest the middle did for 88 %.
    """
    return int(looks.kinds[places].min())
