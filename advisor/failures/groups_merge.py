"""Kinds to groups: the two that differ least, for their size, are joined until few are left."""

from __future__ import annotations

import numpy as np

from advisor.failures.features import Array
from advisor.failures.groups_kinds import Places

MOST = 12
"""Groups that a person can still take in."""
CLEAR = 0.05
"""A group stays apart if joining it costs more, as a share of the failures times the squared
distance (Ward, 1963)."""
FEW = 6
"""From so many failures on, a group needs two members."""


def merge(kinds: Places, positions: Array) -> Places:
    """Return a group number for each failure, shape (n,).

    What joining costs depends on shares alone, so that a few failures more or less change nothing
    but the smallest groups. Numbers follow the order of the kinds.

    Args:
        kinds: the kind of each failure, shape (n,).
        positions: where each kind lies, shape (k, d).
    """
    present, members, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    sizes, centres = counts.astype(float), positions[present].copy()
    labels = np.arange(len(present))
    least = 2 if len(kinds) >= FEW else 1
    while (pair := _next(sizes, centres, least)) is not None:
        keep, gone = min(pair), max(pair)
        together = sizes[keep] + sizes[gone]
        centres[keep] = (sizes[keep] * centres[keep] + sizes[gone] * centres[gone]) / together
        sizes[keep], sizes[gone] = together, 0.0
        labels[labels == gone] = keep
    return np.unique(labels, return_inverse=True)[1][members]


def _next(sizes: Array, centres: Array, least: int) -> tuple[int, int] | None:
    """Return the pair to join, or none when the groups are few, clear and large enough."""
    alive = np.flatnonzero(sizes)
    if len(alive) < 2:
        return None
    costs = _costs(sizes[alive], centres[alive]) / sizes.sum()
    small = np.flatnonzero(sizes[alive] < least)
    if len(small):
        costs[np.setdiff1d(np.arange(len(alive)), small)] = np.inf
    one, other = np.unravel_index(int(costs.argmin()), costs.shape)
    if not len(small) and len(alive) <= MOST and costs[one, other] > CLEAR:
        return None
    return int(alive[one]), int(alive[other])


def _costs(sizes: Array, centres: Array) -> Array:
    squares = (centres**2).sum(axis=1)
    gaps = np.maximum(squares[:, None] + squares - 2 * centres @ centres.T, 0.0)
    costs = gaps * sizes[:, None] * sizes / (sizes[:, None] + sizes)
    np.fill_diagonal(costs, np.inf)
    return np.asarray(costs)
