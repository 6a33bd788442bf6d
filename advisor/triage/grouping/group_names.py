"""What the members of a group have in common, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.failures.features.case import Case
from advisor.failures.features.lexicons import NOTE, SPOKEN
from advisor.failures.features.registry import FEATURES, MODES, SPEAKS
from advisor.failures.why import complaint
from advisor.presentation.wording import MODES as NAMES
from advisor.presentation.wording import listing, start
from advisor.rules import load
from advisor.triage.grouping.kinds import LEAST, Places, Sorted
from advisor.triage.grouping.terms import terms
from advisor.vocabulary import Mode

MOST_OF = 0.5
"""Share of a group that must have something before the group is named after it."""
RARER = 1.5
"""How many times as common it must be here as among the other failures."""
SECOND = 0.3
"""Share from which a second mode is named."""
NOT_KEPT = "an instruction in the request is not kept"

Modes = Mapping[Mode, int]
Words = tuple[str, str]
"""The name of a group, and what it has in common in one sentence."""


@dataclass(frozen=True)
class Members:
    """One group, as far as its name depends on it."""

    cases: Sequence[Case]
    modes: Modes
    """How many read as which mode."""
    main: Mode
    """The mode that most read as."""
    reason: tuple[str, int]
    """The relation that most share, in words, and how many do; or nothing."""
    words: Sequence[str]
    """Words that set its notes apart."""

    @property
    def named_modes(self) -> str:
        """The mode, or the two modes, that most members read as."""
        ranked = sorted(self.modes.items(), key=lambda item: (-item[1], item[0]))
        enough = SECOND * len(self.cases)
        return listing((NAMES[mode] for mode, count in ranked[:2] if count >= enough), "or")

    @property
    def name(self) -> str:
        """A name; two groups may still have the same."""
        what = self.reason[0] or ", ".join(self.words)
        return start(f"{self.named_modes}: {what}" if what else self.named_modes)

    @property
    def sentence(self) -> str:
        """What they have in common."""
        said, count = self.reason if self.reason[0] else self._complaint()
        parts = [f"{_how_many(count, len(self.cases))}{said}"] if said else []
        if self.words:
            quoted = listing(f"“{word}”" for word in self.words)
            say = "the note says" if len(self.cases) == 1 else "the notes often say"
            parts.append(f"{say} {quoted}")
        return f"{start('; '.join(parts))}." if parts else self._meaning()

    def _complaint(self) -> tuple[str, int]:
        """Return what most notes complain about, in words, and how many do; or nothing."""
        family = SPOKEN[self.main]
        speak = [case for case in self.cases if NOTE[family].search(case.note.raw)]
        shown = all(case.passage for case in speak)
        said = complaint(family, shown) if len(speak) >= MOST_OF * len(self.cases) else ""
        return said, len(speak) if said else 0

    def _meaning(self) -> str:
        meanings = {item.id: item.meaning for item in load().taxonomy.modes}
        known = f"{'It reads' if len(self.cases) == 1 else 'They read'} as {self.named_modes}."
        one = self.named_modes == NAMES[self.main]
        return f"{known} {meanings[self.main]}" if one else known


def _how_many(count: int, total: int) -> str:
    if total == 1:
        return ""
    everyone = "in both" if total == 2 else f"in all {total:,}"
    return f"{everyone if count == total else f'in {count} of {total}'} "


def describe(
    cases: Sequence[Case], found: Sorted, members: Sequence[Places], modes: Sequence[Modes]
) -> list[Words]:
    """Return name and sentence of each group; no two names are equal.

    Args:
        cases: all failures.
        found: what they look like, in the same order.
        members: places of the members of each group.
        modes: how many members read as which mode, for each group.
    """
    special = terms([[cases[place].note.raw for place in places] for places in members])
    groups = [
        Members(
            [cases[place] for place in places],
            counts,
            main := max(counts, key=lambda mode: (counts[mode], -MODES.index(mode))),
            _reason(cases, found, places, main),
            words,
        )
        for places, counts, words in zip(members, modes, special, strict=True)
    ]
    names = _distinct([one.name for one in groups])
    return list(zip(names, [one.sentence for one in groups], strict=True))


def _reason(cases: Sequence[Case], found: Sorted, places: Places, main: Mode) -> tuple[str, int]:
    """Return the relation that speaks for `main`, most members share and few others do."""
    holds = found.relations > 0
    here = holds[places].mean(axis=0)
    elsewhere = (holds.sum(axis=0) - holds[places].sum(axis=0)) / max(len(cases) - len(places), 1)
    speaks = SPEAKS[:, MODES.index(main)]
    fit = (speaks >= LEAST) & (here >= MOST_OF) & (here >= RARER * elsewhere)
    values = np.where(fit, speaks * (here - elsewhere / 2), -np.inf)
    best = int(values.argmax())
    if values[best] == -np.inf:
        return "", 0
    sharing = [cases[place] for place in places if holds[place, best]]
    return _in_words(best, sharing), len(sharing)


def _in_words(feature: int, cases: Sequence[Case]) -> str:
    reasons = Counter(FEATURES[feature].reason(case) for case in cases)
    reason, count = max(reasons.items(), key=lambda item: (item[1], item[0]))
    if count >= MOST_OF * len(cases):
        return reason
    general = FEATURES[feature].because
    return NOT_KEPT if general == "{}" else general.replace("{}", "something")


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """Number names that occur more than once."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
