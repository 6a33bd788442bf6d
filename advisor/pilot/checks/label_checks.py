"""Labels of a labelling task: known to both sides, evenly spread, and right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Task
from advisor.models.encoder import load_encoder
from advisor.pilot.checks.check import ids, quoted
from advisor.pilot.data.splitting import share_of
from advisor.presentation.wording import listing

FEW = 5
"""Training examples below which a label is hard to learn."""
MOST = 0.5
"""Share of the test cases with one label from which that label alone scores well."""
NOISE_ROWS = 4_000
"""Cases that are looked at for wrong labels."""
NEIGHBOURS, AGREEING = 5, 2
RIDGE = 1.0
_NOISY = 0.05
_TOLD = 5

Floats = NDArray[np.float64]


def known_labels(frozen: Frozen) -> Iterator[Finding]:
    """Name labels that only one side, or the list of choices, knows."""
    if frozen.spec.task is not Task.CLASSIFICATION:
        return
    trained = set(frozen.data.labels)
    strange = [case for case in frozen.data.test if case.expected not in trained]
    if strange:
        names = sorted({case.expected for case in strange})
        what = (
            f"{len(strange)} test cases want a label that no training case has: {_named(names)}. "
            "No arm that learns from examples can get them right."
        )
        share = len(strange) / len(frozen.data.test)
        severity = "blocks" if share > MOST else "warning"
        yield Finding(check="labels", severity=severity, what=what, cases=ids(strange))
    yield from _unlisted(frozen)


def _unlisted(frozen: Frozen) -> Iterator[Finding]:
    listed = set(frozen.spec.labels)
    cases = [*frozen.data.train, *frozen.data.test]
    odd = [case for case in cases if listed and case.expected not in listed]
    if odd:
        names = sorted({case.expected for case in odd})
        what = (
            f"{len(odd)} cases want a label that is not among the choices of the specification: "
            f"{_named(names)}. Mend the spelling, or add it to labels."
        )
        yield Finding(check="labels", severity="warning", what=what, cases=ids(odd))


def _named(names: Sequence[str]) -> str:
    more = [f"{len(names) - _TOLD} more"] if len(names) > _TOLD else []
    return listing([*(quoted(name, 40) for name in names[:_TOLD]), *more])


def balance(frozen: Frozen) -> Iterator[Finding]:
    """Say what always giving the most frequent label would score, and which labels are rare."""
    if frozen.spec.task is not Task.CLASSIFICATION:
        return
    (label, count), *_ = Counter(case.expected for case in frozen.data.test).most_common(1)
    if count > MOST * len(frozen.data.test):
        what = (
            f"Always answering {quoted(label, 40)} would be right in {count} of "
            f"{len(frozen.data.test)} test cases. Judge by macro_f1, or bring more of the others."
        )
        yield Finding(check="balance", severity="warning", what=what)
    trained = Counter(case.expected for case in frozen.data.train)
    rare = sorted(name for name, seen in trained.items() if seen < FEW)
    if rare:
        what = (
            f"{len(rare)} of {len(trained)} labels have fewer than {FEW} training examples: "
            f"{_named(rare)}. Arms that learn from examples will be weak on them."
        )
        yield Finding(check="balance", severity="note", what=what)


class Doubt(NamedTuple):
    """One case whose label is probably wrong."""

    case: Case
    likelier: str
    margin: float
    """By how much the likelier label is ahead, from 0 to about 1."""


def doubtful_labels(cases: Sequence[Case]) -> list[Doubt]:
    """Return cases whose label the others contradict, the surest first.

    A linear classifier on embeddings, which has not seen the case (ridge regression on one-hot
    labels, left out one at a time in closed form), must prefer another label at least as much as
    it prefers that label for its own cases (confident learning, Northcutt 2021), and of the
    nearest neighbours two must have that label and none the case's own.
    """
    names = sorted({case.expected for case in cases})
    rows = load_encoder().encode([case.input for case in cases]).astype(np.float64)
    own = np.array([names.index(case.expected) for case in cases])
    scores, every = _left_out(rows, own, len(names)), np.arange(len(cases))
    usual = np.array([scores[own == one, one].mean() for one in range(len(names))])
    others = scores.copy()
    others[every, own] = -np.inf
    best = others.argmax(axis=1)
    margins = scores[every, best] - scores[every, own]
    sure = (margins > 0) & (scores[every, best] >= usual[best])
    found = [
        Doubt(cases[place], names[best[place]], float(margins[place]))
        for place in np.flatnonzero(sure).tolist()
        if _neighbours_agree(rows, own, place, int(best[place]))
    ]
    return sorted(found, key=lambda doubt: (-doubt.margin, doubt.case.id))


def _left_out(rows: Floats, own: NDArray[np.int64], labels: int) -> Floats:
    """Return the score of each label for each case by a fit without that case, (cases, labels)."""
    wanted = np.eye(labels)[own]
    with_one = np.hstack([rows, np.ones((len(rows), 1))])
    inner = with_one.T @ with_one + RIDGE * np.eye(with_one.shape[1])
    solved = np.linalg.solve(inner, with_one.T)
    pull = np.einsum("ij,ji->i", with_one, solved)[:, None]
    fitted = with_one @ (solved @ wanted)
    left_out: Floats = (fitted - pull * wanted) / (1 - pull)
    return left_out


def _neighbours_agree(rows: Floats, own: NDArray[np.int64], place: int, best: int) -> bool:
    near = rows @ rows[place]
    near[place] = -np.inf
    nearest = own[np.argpartition(-near, min(NEIGHBOURS, len(near)) - 1)[:NEIGHBOURS]]
    return bool((nearest == best).sum() >= AGREEING and (nearest != own[place]).all())


def noise(frozen: Frozen) -> Iterator[Finding]:
    """List cases whose label is probably wrong."""
    cases = [*frozen.data.train, *frozen.data.test]
    if frozen.spec.task is not Task.CLASSIFICATION or len({case.expected for case in cases}) < 2:
        return
    looked = share_of(cases, min(1.0, NOISE_ROWS / len(cases)), 0)
    doubts = doubtful_labels(looked)
    if not doubts:
        return
    told = "; ".join(
        f"{case.id} {quoted(case.input)}: {case.expected}, rather {likelier}"
        for case, likelier, _ in doubts[:_TOLD]
    )
    what = (
        f"{len(doubts)} of {len(looked)} cases probably have a wrong label: {told}"
        f"{' …' if len(doubts) > _TOLD else '.'} Look at them: wrong labels teach the wrong "
        "thing, and count right answers as wrong."
    )
    yield Finding(
        check="label_noise",
        severity="warning" if len(doubts) > _NOISY * len(looked) else "note",
        what=what,
        cases=ids([doubt.case for doubt in doubts]),
    )
