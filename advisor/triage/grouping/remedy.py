"""The remedy of a group, from the figures and rules that triage judges by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from advisor.presentation.wording import REMEDIES as NAMES
from advisor.presentation.wording import percent, start
from advisor.rules import load
from advisor.triage.evidence import MODES, REMEDIES, Array, Facts
from advisor.triage.explain import other_action
from advisor.triage.judge import Judge
from advisor.triage.value import fixed
from advisor.vocabulary import COMBINATIONS, Remedy

ALONE = [COMBINATIONS.index((remedy,)) for remedy in REMEDIES]
"""Places of the single remedies among the combinations."""


def choices(mixes: Array, readings: Array, facts: Facts) -> Iterator[tuple[Remedy, str]]:
    """Yield for each group the single remedy that is worth most there, and why in one sentence.

    Args:
        mixes: mode probabilities of each group, shape (groups, 12).
        readings: mode probabilities of all failures, shape (failures, 12).
        facts: what is known beyond them.
    """
    judge = Judge(load(), readings)
    judged = judge.judge(facts)
    shares = np.asarray(fixed(mixes, judged.odds[0]))[:, ALONE]
    worth = np.where(judged.allowed[0][ALONE], shares - judge.cost[ALONE], -np.inf)
    repairs = 1 / (1 + np.exp(-judged.odds[0][REMEDIES.index(Remedy.OTHER)]))
    for mix, row, value in zip(mixes, shares, worth, strict=True):
        repaired = dict(zip(MODES, (mix * repairs).tolist(), strict=True))
        names = NAMES | {Remedy.OTHER: other_action(repaired, facts.answers)}
        yield _choice(row, value, names)


def _choice(shares: Array, worth: Array, names: Mapping[Remedy, str]) -> tuple[Remedy, str]:
    best, second = np.argsort(-worth, kind="stable")[:2]
    name, other = (names[REMEDIES[place]] for place in (best, second))
    likely = f"{start(name)} should fix about {percent(shares[best])} of failures like these"
    if worth[second] == -np.inf:
        return REMEDIES[best], f"{likely}; nothing else is allowed here."
    dearer = ", and costs more" if shares[second] >= shares[best] else ""
    return REMEDIES[best], f"{likely}. Next best: {other}, about {percent(shares[second])}{dearer}."
