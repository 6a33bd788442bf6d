"""The remedy of a group, from the figures and rules that triage judges by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from advisor.evidence import REMEDIES, Array, Facts
from advisor.judge import Judge
from advisor.rules import load
from advisor.value import fixed
from advisor.vocabulary import COMBINATIONS, Remedy
from advisor.wording import REMEDIES as NAMES
from advisor.wording import percent, start

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
    for row, value in zip(shares, worth, strict=True):
        yield _choice(row, value)


def _choice(shares: Array, worth: Array) -> tuple[Remedy, str]:
    best, second = np.argsort(-worth, kind="stable")[:2]
    name, other = (NAMES[REMEDIES[place]] for place in (best, second))
    likely = f"{start(name)} should fix about {percent(shares[best])} of failures like these"
    if worth[second] == -np.inf:
        return REMEDIES[best], f"{likely}; nothing else is allowed here."
    next_best = f"{other}, the next best, about {percent(shares[second])}"
    dearer = " and costs more" if shares[second] >= shares[best] else ""
    return REMEDIES[best], f"{likely}; {next_best}{dearer}."
