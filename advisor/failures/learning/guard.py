"""Fixed samples of the exemplars: whoever learns something new must not forget these."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from advisor.core.strict import digest
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import ClassifierHead
from advisor.failures.head_inputs import CaseEncoder
from advisor.failures.learning.layer import InputScale
from advisor.failures.training.exemplars import Exemplar, read_exemplars

PER_MODE = 20
"""Exemplars of each mode in each sample."""


@dataclass(frozen=True)
class Known:
    """Exemplars as the head that ships sees them."""

    inputs: Array
    """Scaled, shape (n, inputs)."""
    before: Array
    """The head's probabilities, shape (n, modes)."""
    modes: NDArray[np.int64]
    """Places in `MODES`, shape (n,)."""


@dataclass(frozen=True)
class Guard:
    """Two samples of the exemplars, as many of each mode, with none in common."""

    scale: InputScale
    """How inputs are scaled, measured here so that it does not hang on the corrections."""
    anchors: Known
    """While learning, these should read as they did."""
    judged: Known
    """Afterwards, these are read again: they tell what was forgotten."""


_known: dict[str, Guard] = {}


def guard(encoder: CaseEncoder, head: ClassifierHead) -> Guard:
    """Return the samples, worked out once a process for each head."""
    name = digest([encoder.fingerprint, head.fingerprint])
    if name not in _known:
        _known[name] = _seen_by(encoder, head)
    return _known[name]


def _seen_by(encoder: CaseEncoder, head: ClassifierHead) -> Guard:
    judged, anchors = samples(read_exemplars())
    seen = encoder.evidence([one.case for one in (*judged, *anchors)])
    scale = InputScale.of(seen)
    first = np.arange(len(judged) + len(anchors)) < len(judged)

    def known(chosen: list[Exemplar], mask: NDArray[np.bool_]) -> Known:
        part = seen.where(mask)
        modes = np.array([MODES.index(exemplar.mode) for exemplar in chosen], np.int64)
        return Known(scale.inputs(part), head.probabilities(part), modes)

    return Guard(scale, known(anchors, ~first), known(judged, first))


def samples(exemplars: list[Exemplar]) -> tuple[list[Exemplar], list[Exemplar]]:
    """Return two samples, chosen by their texts and so always the same."""
    by_mode = defaultdict(list)
    for exemplar in exemplars:
        parts = (
            exemplar.case.input,
            exemplar.case.output,
            exemplar.case.expected,
            exemplar.case.note,
        )
        by_mode[exemplar.mode].append((digest([part.raw for part in parts]), exemplar))
    ordered = [
        [exemplar for _, exemplar in sorted(by_mode[mode], key=itemgetter(0))] for mode in MODES
    ]
    judged = [exemplar for mode in ordered for exemplar in mode[:PER_MODE]]
    return judged, [exemplar for mode in ordered for exemplar in mode[PER_MODE : 2 * PER_MODE]]
