"""Small tables of scores."""

import numpy as np
from numpy.typing import NDArray

from advisor.pilot.comparing import ScoreTable


def table(
    scores: NDArray[np.float64], *arms: str, groups: tuple[str, ...] | None = None, **costs: float
) -> ScoreTable:
    cases = tuple(f"case {place:04}" for place in range(len(scores)))
    return ScoreTable(cases, groups, arms, np.asarray(scores, float), costs)


def counted(
    both: int, lost: int, gained: int, neither: int, *arms: str, **costs: float
) -> ScoreTable:
    """Two arms, right or wrong: solved by both, by the first only, by the second only, by none."""
    first = np.repeat([1, 1, 0, 0], [both, lost, gained, neither])
    second = np.repeat([1, 0, 1, 0], [both, lost, gained, neither])
    named = arms or ("prompt", "fine_tuning")
    return table(np.stack([first, second], 1), *named, groups=None, **costs)


def drawn(cases: int, seed: int = 0, alike: float = 0.6, **rates: float) -> ScoreTable:
    """Arms that are right with these rates; a share of the cases is alike hard for all."""
    rng = np.random.default_rng(seed)
    hard = rng.random(cases)
    columns = [
        np.where(rng.random(cases) < alike, hard, rng.random(cases)) < rate
        for rate in rates.values()
    ]
    return table(np.stack(columns, 1).astype(float), *rates)
