"""What the members of a group have in common, in plain words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.failures.features.case import FailureCase
from advisor.failures.features.lexicons import NOTE, SPOKEN, STOP
from advisor.failures.features.registry import FEATURES, MODES, SPEAKS
from advisor.failures.features.texts import stem
from advisor.failures.why import complaint
from advisor.presentation.wording import MODES as NAMES
from advisor.presentation.wording import listing, start
from advisor.rules import load
from advisor.triage.grouping.kinds import LEAST, Places, SortedFailures
from advisor.vocabulary import Mode

SHOWN = 3
"""Words named for a group."""
OFTEN = 0.3
"""Share of a group's notes that must hold a word."""
SHARED = 0.6
"""Share from which a word that is common elsewhere too may still name a group."""
RARER_TERMS = 2.0
"""How many times as common a word must be here as elsewhere."""
_WORD = re.compile(r"[^\W\d_]{3,24}(?![^\W\d_])")
_COMMON = frozenset(
    """since already back put take took like look looks know knows says just correct now then
    far much many last first old new around cannot fails failed day days hundred three four five
    wrong right should answer answers answered asked model output says said reply response
    text please need needs want wanted wants get got give gave given make made use used still
    even instead really thing things something anything nothing always never every one two
    das der die den dem des ein eine einen einer und oder aber nicht kein keine ist sind war wird
    werden hat haben mit von vom für auf aus bei nach über unter auch noch nur wie was wer dass
    wenn als sich sie wir ihr ihre man muss soll sollte zum zur
    les des une est sont pas plus que qui dans pour par sur avec mais ses son aux elle ils nous
    vous cette ces être fait comme tout très
    los las una unos del que con por para como más pero sus este esta son hay muy también sin
    het een van niet dat dit zijn voor met aan ook maar bij naar wordt moet deze geen
    che non per una con sono della delle dei nel alla più anche come questo questa
    uma não com para dos das mais mas como foi pelo pela""".split()
)
"""Words that say little in a complaint, and the commonest words of some further languages."""


def terms(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return up to three words for each group of notes; empty notes count for nothing.

    A word counts once a note. Its weight is how common it is in the group times the logarithm of
    how much rarer it is in the other groups.
    """
    spelt = [_words([note for note in notes if note]) for notes in groups]
    sizes = [sum(bool(note) for note in notes) for notes in groups]
    return [_best(place, spelt, sizes) for place in range(len(groups))]


def _words(notes: Sequence[str]) -> Mapping[str, Counter[str]]:
    """Return for each stem how many notes hold it in which spelling."""
    spelt: dict[str, Counter[str]] = {}
    for note in notes:
        first = {stem(word.lower()): word for word in reversed(_WORD.findall(note[:2000]))}
        for root, word in first.items():
            if not {word.lower(), root} & (STOP | _COMMON):
                spelt.setdefault(root, Counter())[word] += 1
    return spelt


def _best(
    place: int, found: Sequence[Mapping[str, Counter[str]]], sizes: Sequence[int]
) -> list[str]:
    """Return the words that set one group apart; failing those, the one that most of it shares."""
    here, others = sizes[place], sum(sizes) - sizes[place]
    weights, common = {}, {}
    for root, spelt in found[place].items():
        count = spelt.total()
        elsewhere = sum(other[root].total() for other in found if root in other) - count
        share, rest = count / here, (elsewhere + 0.5) / (others + 1)
        if count >= min(2, here) and share >= OFTEN and share >= RARER_TERMS * rest:
            weights[root] = share * math.log(share / rest)
        if count >= min(2, here) and share >= SHARED:
            common[root] = share
    ranked = _ranked(weights)[:SHOWN] or _ranked(common)[:1]
    return [_spelling(found[place][root]) for root in ranked]


def _ranked(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda root: (-weights[root], root))


def _spelling(spelt: Counter[str]) -> str:
    """Return the commonest spelling; a capital that only begins a sentence is left out."""
    return max(spelt, key=lambda word: (spelt[word], word.islower(), word))


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

    cases: Sequence[FailureCase]
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
        single = self.named_modes == NAMES[self.main]
        return f"{known} {meanings[self.main]}" if single else known


def _how_many(count: int, total: int) -> str:
    if total == 1:
        return ""
    everyone = "in both" if total == 2 else f"in all {total:,}"
    return f"{everyone if count == total else f'in {count} of {total}'} "


def describe(
    cases: Sequence[FailureCase],
    looks: SortedFailures,
    members: Sequence[Places],
    modes: Sequence[Modes],
) -> list[Words]:
    """Return name and sentence of each group; no two names are equal.

    Args:
        cases: all failures.
        looks: what they look like, in the same order.
        members: places of the members of each group.
        modes: how many members read as which mode, for each group.
    """
    special = terms([[cases[place].note.raw for place in places] for places in members])
    groups = [
        Members(
            [cases[place] for place in places],
            counts,
            main := max(counts, key=lambda mode: (counts[mode], -MODES.index(mode))),
            _reason(cases, looks, places, main),
            words,
        )
        for places, counts, words in zip(members, modes, special, strict=True)
    ]
    names = _distinct([named.name for named in groups])
    return list(zip(names, [named.sentence for named in groups], strict=True))


def _reason(
    cases: Sequence[FailureCase], looks: SortedFailures, places: Places, main: Mode
) -> tuple[str, int]:
    """Return the relation that speaks for `main`, most members share and few others do."""
    holds = looks.relations > 0
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


def _in_words(feature: int, cases: Sequence[FailureCase]) -> str:
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
