"""Fit and calibrate the experts of a head; scipy is needed here only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, issparse

from advisor.failures.features.ngrams import SIZE, Row
from advisor.failures.features.registry import MODES, Array
from advisor.failures.head import note_scores, pack, rest_scores, summed, weighed
from advisor.failures.head_inputs import CaseEncoder, Evidence
from advisor.failures.probabilities import log_softmax
from advisor.failures.training.exemplars import Exemplar, variants
from advisor.failures.training.held_out import writer_folds

FOLDS = 5
NOTE_PENALTY, WORDING_PENALTY, REST_PENALTY = 20.0, 0.25, 150.0
"""How strongly training is held to what was known before it. Cross-validation over the exemplars
favours a looser hold (modes 0.54 against 0.52), held-out real records a firm one (modes without
notes 0.69 against 0.75); the exemplars are harder and fewer than what the world sends. Wording is
held loosely: on notes of other writers it lifts the macro-F1 of modes from 0.53 to 0.62."""


@dataclass(frozen=True)
class Set:
    """Exemplars ready for fitting: what is seen, the mode (index), the domain and the weight."""

    seen: Evidence
    modes: NDArray[np.int64]
    domains: NDArray[np.str_]
    writers: NDArray[np.str_]
    weights: Array

    def where(self, mask: NDArray[np.bool_]) -> Set:
        """Return the part of the set that `mask` picks."""
        return Set(
            self.seen.where(mask),
            self.modes[mask],
            self.domains[mask],
            self.writers[mask],
            self.weights[mask],
        )


def prepare(exemplars: Sequence[Exemplar], encoder: CaseEncoder) -> Set:
    """Work out everything a head looks at."""
    rows = [variant for exemplar in exemplars for variant in variants(exemplar)]
    return Set(
        encoder.evidence([row.case for row in rows]),
        np.array([MODES.index(row.mode) for row in rows]),
        np.array([row.domain for row in rows]),
        np.array([row.writer for row in rows]),
        np.array([row.weight for row in rows]),
    )


def note_expert(data: Set) -> tuple[Array, Array, Array]:
    """Fit the expert for notes: weights, bias, and the weights of the wording."""
    noted = data.where(data.seen.has_note)
    inputs, size = noted.seen.notes, len(MODES)
    wording = _sparse(noted.seen.wording)
    hold = np.repeat([NOTE_PENALTY, WORDING_PENALTY], [inputs.shape[1] - size, wording.shape[1]])
    details = (inputs[:, size:], wording)
    factor, bias, slopes = _fit(inputs[:, :size], details, noted, hold)
    weights = np.vstack([np.eye(size) * factor, slopes[: -wording.shape[1]]])
    return weights, bias, slopes[-wording.shape[1] :]


def rest_expert(data: Set) -> tuple[Array, Array]:
    """Fit the expert for everything else: weights and bias."""
    rested = data.where(data.seen.has_rest)
    inputs, size = rested.seen.rest, len(MODES)
    hold = np.full(inputs.shape[1] - size, REST_PENALTY)
    factor, bias, slopes = _fit(inputs[:, :size], (inputs[:, size:],), rested, hold)
    return np.vstack([np.eye(size) * factor, slopes]), bias


def _sparse(rows: Sequence[Row]) -> csr_matrix:
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return csr_matrix((values, places, ends), shape=(len(rows), SIZE))


def _fit(
    before: Array, details: Sequence[Any], data: Set, hold: Array
) -> tuple[float, Array, Array]:
    """Fit a multinomial logistic regression around what was known before.

    The scores in `before` keep one common factor; only corrections to them, through `details`, are
    penalised, each column as `hold` says; they come in blocks, dense or sparse. scikit-learn's has
    no such offset.

    Returns:
        The factor, the bias, shape (modes,), and the slopes, shape (columns of details, modes).
    """
    size, truth = len(MODES), np.eye(len(MODES))[data.modes]
    weights = (data.weights / np.maximum(data.weights @ truth, 1e-9)[data.modes])[:, None]
    weights = weights / weights.mean()
    held = np.concatenate([np.ones(1 + size), np.repeat(hold, size)])
    start, ends = np.zeros(len(held)), np.cumsum([block.shape[1] for block in details])[:-1]
    start[0] = 1.0
    across = [block.T.tocsr() if issparse(block) else block.T for block in details]

    def loss(point: Array) -> tuple[float, Array]:
        factor, bias, slopes = point[0], point[1 : 1 + size], point[1 + size :].reshape(-1, size)
        parts = zip(details, np.split(slopes, ends), strict=True)
        logs = log_softmax(factor * before + bias + sum(block @ part for block, part in parts))
        gap = (np.exp(logs) - truth) * weights
        away = point - start
        turned = [(block @ gap).ravel() for block in across]
        slope = np.concatenate([[(gap * before).sum()], gap.sum(0), *turned])
        return float((away**2 @ held) / 2 - (logs * truth * weights).sum()), slope + held * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return float(found[0]), found[1 : 1 + size], found[1 + size :].reshape(-1, size)


def experts(data: Set) -> dict[str, Array]:
    """Fit both experts."""
    (note, note_bias, wording), (rest, rest_bias) = note_expert(data), rest_expert(data)
    return pack(
        note_weights=note, note_bias=note_bias, wording=wording,
        rest_weights=rest, rest_bias=rest_bias,
    )  # fmt: skip


def held_out(data: Set) -> tuple[Array, Array]:
    """Return both experts' log probabilities for each row, fitted on other rows only.

    Notes are judged by what other writers taught: how one person complains is a style of its own,
    and held-out domains of the same writer flatter (0.73 of causes right against 0.60). The rest is
    judged by what other domains taught.
    """
    note, rest = np.zeros((2, len(data.modes), len(MODES)))
    for fold in by_writer(data):
        note[fold] = note_scores(data.where(fold).seen, *note_expert(data.where(~fold)))
    for fold in folds(data.domains):
        rest[fold] = rest_scores(data.where(fold).seen, *rest_expert(data.where(~fold)))
    return note, rest


def by_writer(data: Set) -> Iterator[NDArray[np.bool_]]:
    """Yield a mask for each group of writers; where there is only one writer, by domain."""
    if len(set(data.writers)) == 1:
        yield from folds(data.domains)
    else:
        yield from writer_folds(data.writers)


def folds(domains: NDArray[np.str_]) -> Iterator[NDArray[np.bool_]]:
    """Yield masks of held-out rows; a domain is never on both sides."""
    names = sorted(set(domains))
    np.random.default_rng(7).shuffle(names)
    for number in range(FOLDS):
        yield np.isin(domains, names[number::FOLDS])


COUNTS: Array = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 1]], float)
"""Which expert counts in which state, shape (states, experts), as in `weighed`."""


def mix_of(experts: Array, data: Set) -> Array:
    """Return the weights of `weighed` that make held-out probabilities truest.

    Args:
        experts: their held-out log probabilities, shape (3, n, modes).
        data: the same n failures.
    """
    there = COUNTS > 0

    def mix(point: Array) -> Array:
        weights = np.zeros(COUNTS.shape)
        weights[there] = point
        return weights

    def loss(point: Array) -> float:
        chances = summed(weighed(experts, data.seen, mix(point)))[
            np.arange(len(data.modes)), data.modes
        ]
        return float(-(np.log(np.maximum(chances, 1e-12)) * data.weights).sum())

    start = np.full(int(there.sum()), 0.5)
    best = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, 3)] * len(start))
    return mix(best.x)
