"""Words that set the notes of one group apart from those of the others (class-based TF-IDF)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.failures.features.lexicons import STOP
from advisor.failures.features.texts import stem

SHOWN = 3
"""Words named for a group."""
OFTEN = 0.3
"""Share of a group's notes that must hold a word."""
SHARED = 0.6
"""Share from which a word that is common elsewhere too may still name a group."""
RARER = 2.0
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
    found = [_words([note for note in notes if note]) for notes in groups]
    sizes = [sum(bool(note) for note in notes) for notes in groups]
    return [_best(place, found, sizes) for place in range(len(groups))]


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
        if count >= min(2, here) and share >= OFTEN and share >= RARER * rest:
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
