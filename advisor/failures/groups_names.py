"""What the members of a group have in common, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from advisor.failures.case import Case
from advisor.failures.features import FEATURES, MODES, SPEAKS
from advisor.failures.groups_kinds import LEAST, Places, Sorted
from advisor.failures.groups_terms import terms
from advisor.failures.lexicons import NOTE, SPOKEN
from advisor.failures.why import COMPLAINTS
from advisor.vocabulary import Mode
from advisor.wording import MODES as NAMES
from advisor.wording import counted, listing, start

MOST_OF = 0.5
"""Share of a group that must have something before the group is named after it."""
SECOND = 0.3
"""Share from which a second mode is named."""
NOT_KEPT = "an instruction in the request is not kept"

Words = tuple[str, str]
"""The name of a group, and what it has in common in one sentence."""


def describe(
    cases: Sequence[Case],
    found: Sorted,
    members: Sequence[Places],
    modes: Sequence[Mapping[Mode, int]],
) -> list[Words]:
    """Return name and sentence of each group; no two names are equal.

    Args:
        cases: all failures.
        found: what they look like, in the same order.
        members: places of the members of each group.
        modes: how many members read as which mode, for each group.
    """
    special = terms([[cases[place].note.raw for place in places] for places in members])
    reasons = [_reason(cases, found, places) for places in members]
    named = [_name(*parts) for parts in zip(modes, reasons, special, strict=True)]
    sentences = [
        _sentence([cases[place] for place in places], counts, reason, words)
        for places, counts, reason, words in zip(members, modes, reasons, special, strict=True)
    ]
    return list(zip(_distinct(named), sentences, strict=True))


def _reason(cases: Sequence[Case], found: Sorted, places: Places) -> tuple[str, int]:
    """Return the relation that most members share, in words, and how many do; or nothing."""
    counts = _worth(found, places)
    others = np.setdiff1d(np.arange(len(cases)), places)
    elsewhere = _worth(found, others).mean(axis=0) if len(others) else 0.0
    here = counts.mean(axis=0)
    best = int((here - 0.5 * elsewhere).argmax())
    holds = np.flatnonzero(found.relations[places, best] > 0)
    if here[best] < LEAST * MOST_OF or len(holds) < MOST_OF * len(places):
        return "", 0
    return _in_words(best, [cases[place] for place in places[holds]]), len(holds)


def _worth(found: Sorted, places: Places) -> np.ndarray:
    likeliest = found.chances[places].argmax(axis=1)
    return np.maximum(found.relations[places] * SPEAKS[:, likeliest].T, 0.0)


def _in_words(feature: int, cases: Sequence[Case]) -> str:
    reasons = Counter(FEATURES[feature].reason(case) for case in cases)
    reason, count = max(reasons.items(), key=lambda item: (item[1], item[0]))
    if count >= MOST_OF * len(cases):
        return reason
    general = FEATURES[feature].because
    return NOT_KEPT if general == "{}" else general.replace("{}", "something")


def _name(modes: Mapping[Mode, int], reason: tuple[str, int], special: Sequence[str]) -> str:
    what = reason[0] or ", ".join(special)
    return start(f"{_modes(modes)}: {what}" if what else _modes(modes))


def _modes(modes: Mapping[Mode, int]) -> str:
    total = sum(modes.values())
    ranked = sorted(modes.items(), key=lambda item: (-item[1], item[0]))
    (first, _), *rest = ranked
    named = [first, *(mode for mode, count in rest[:1] if count >= SECOND * total)]
    return listing((NAMES[mode] for mode in named), "or")


def _sentence(
    cases: Sequence[Case],
    modes: Mapping[Mode, int],
    reason: tuple[str, int],
    special: Sequence[str],
) -> str:
    said = reason if reason[0] else _complaint(cases, modes)
    parts = [f"in {said[1]} of {len(cases)} {said[0]}"] if said[0] else []
    if special:
        parts.append(f"notes often say {listing(f'“{word}”' for word in special)}")
    if not parts:
        parts = [f"{counted(len(cases), 'failure')} that read as {_modes(modes)}"]
    return f"{start('; '.join(parts))}."


def _complaint(cases: Sequence[Case], modes: Mapping[Mode, int]) -> tuple[str, int]:
    """Return what most notes complain about, in words, and how many do; or nothing."""
    family = SPOKEN[max(modes, key=lambda mode: (modes[mode], -MODES.index(mode)))]
    heard = sum(bool(NOTE[family].search(case.note.raw)) for case in cases)
    return (COMPLAINTS[family], heard) if heard >= MOST_OF * len(cases) else ("", 0)


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """Number names that occur more than once."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
