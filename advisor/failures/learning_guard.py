"""A fixed sample of the exemplars: whoever learns something new must not forget these."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features import MODES
from advisor.failures.head import Array, Head, evidence, head_path, load_head
from advisor.failures.learning_layer import Scale
from advisor.failures.training import Exemplar, read_exemplars
from advisor.models.encoder import Encoder, load_encoder
from advisor.proposal import digest

PER_MODE = 20


@dataclass(frozen=True)
class Guard:
    """The sample as the head that ships sees it."""

    scale: Scale
    """How inputs are scaled, measured here so that it does not hang on the corrections."""
    inputs: Array
    """Scaled, shape (n, inputs)."""
    before: Array
    """The head's probabilities, shape (n, modes)."""
    modes: NDArray[np.int64]
    """Places in `MODES`, shape (n,)."""


def shipped() -> tuple[Encoder, Head]:
    """Return the encoder that is set and the head that ships for it.

    Raises:
        ModelError: one of them is missing or altered.
    """
    encoder = load_encoder()
    return encoder, load_head(encoder, head_path(encoder))


_known: dict[str, Guard] = {}


def guard(encoder: Encoder, head: Head) -> Guard:
    """Return the sample, worked out once a process for each head."""
    name = digest([encoder.fingerprint, head.fingerprint])
    if name not in _known:
        _known[name] = _seen_by(encoder, head)
    return _known[name]


def _seen_by(encoder: Encoder, head: Head) -> Guard:
    chosen = sample(read_exemplars())
    seen = evidence([one.case for one in chosen], encoder)
    scale = Scale.of(seen)
    modes = np.array([MODES.index(one.mode) for one in chosen], np.int64)
    return Guard(scale, scale.inputs(seen), head.probabilities(seen), modes)


def sample(exemplars: list[Exemplar]) -> list[Exemplar]:
    """Return as many exemplars of each mode, chosen by their texts and so always the same."""
    by_mode = defaultdict(list)
    for one in exemplars:
        parts = (one.case.input, one.case.output, one.case.expected, one.case.note)
        by_mode[one.mode].append((digest([part.raw for part in parts]), one))
    return [
        one
        for mode in MODES
        for _, one in sorted(by_mode[mode], key=lambda item: item[0])[:PER_MODE]
    ]
