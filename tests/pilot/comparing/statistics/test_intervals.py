"""Intervals: as published, never of zero width, wider where cases repeat each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS
from statsmodels.stats.proportion import proportion_confint
from tables import counted, table

from advisor.pilot.comparing.statistics.intervals import difference_intervals, mean_interval
from advisor.pilot.comparing.statistics.pairs import ScorePair, pair, sample

COUNT = st.integers(0, 40)


def two(found: ScorePair | None) -> ScorePair:
    assert found is not None
    return found


def interval(found: ScorePair | None) -> tuple[float, float]:
    return tuple(difference_intervals([two(found)])[0])


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        # Tango (1998), table III: 44 pairs, of which 1 changes sides, and none
        ((0, 0, 1, 43), -0.06, 0.118),
        ((0, 0, 0, 44), -0.0803, 0.0803),
        # two models on the 150 questions of FinanceBench, in pilots of the literature
        ((7, 7, 22, 114), 0.0316, 0.1732),
        ((22, 7, 53, 68), 0.2171, 0.3951),
        ((67, 5, 11, 12), -0.0213, 0.1528),
    ],
)
def test_differences_of_right_and_wrong_are_as_published(
    cells: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert interval(pair(counted(*cells), "prompt", "fine_tuning")) == pytest.approx(
        (low, high), abs=0.003
    )


@given(COUNT, COUNT, COUNT, COUNT)
def test_an_interval_holds_its_difference_and_has_width(
    both: int, lost: int, gained: int, neither: int
) -> None:
    scores = counted(both, lost, gained, neither)
    if not scores.cases:
        return
    found = two(pair(scores, "prompt", "fine_tuning"))
    low, high = interval(found)
    assert -1 <= low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= high <= 1
    assert high - low > 0.01


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=40
    )
)
def test_graded_and_grouped_scores_too_and_swapping_turns_it_round(
    rows: list[tuple[float, float, int]],
) -> None:
    scores = np.array([row[:2] for row in rows])
    graded = table(scores, "a", "b", groups=tuple(str(row[2]) for row in rows))
    low, high = interval(pair(graded, "a", "b"))
    assert -1 <= low < high <= 1
    assert interval(pair(graded, "b", "a")) == (-high, -low)


def test_scores_of_one_arm_are_as_wilson_has_them() -> None:
    for right, n in ((0, 20), (7, 20), (20, 20), (140, 150)):
        values = np.repeat([1.0, 0.0], [right, n - right])
        expected = proportion_confint(right, n, method="wilson")
        assert mean_interval(sample(values, np.arange(n))) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_scores_of_one_arm_always_have_a_range(values: list[float]) -> None:
    found = sample(np.array(values), np.arange(len(values)))
    low, high = mean_interval(found)
    assert 0 <= low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= high <= 1
    assert high - low > 1e-4


def test_the_error_with_groups_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 5)
    values = rng.normal(size=20)[groups] + rng.normal(size=100)
    found = sample(values, groups)
    fit = OLS(values, np.ones(100)).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    assert found.variance == pytest.approx(float(fit.bse[0]) ** 2 * 20 / 19)
    assert found.design_effect > 2


def test_cases_that_repeat_each_other_count_less() -> None:
    once = counted(10, 2, 8, 10).scores
    alone = interval(pair(table(once, "a", "b"), "a", "b"))
    groups = tuple(str(place) for place in range(30) for _ in range(5))
    repeated = table(np.repeat(once, 5, axis=0), "a", "b", groups=groups)
    unaware = table(np.repeat(once, 5, axis=0), "a", "b")
    width = np.ptp(interval(pair(repeated, "a", "b")))
    assert width == pytest.approx(np.ptp(alone), rel=0.1)
    assert np.ptp(interval(pair(unaware, "a", "b"))) < 0.6 * width
