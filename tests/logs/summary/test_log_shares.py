from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.summary.mode_shares import (
    CALIBRATION_ERROR,
    clustered,
    design_effect,
    share,
    wilson,
)

TRIALS = 800
ROUNDING = 1e-5


def drawn(numbers: np.random.Generator, count: int, mean: float, sure: float) -> np.ndarray:
    """Draw calibrated probabilities of one mode with this mean, shape (count,)."""
    return numbers.beta(mean * sure, (1 - mean) * sure, count)


@pytest.mark.parametrize("count", [15, 60, 400])
@pytest.mark.parametrize("mean", [0.04, 0.3, 0.6])
@pytest.mark.parametrize("sure", [0.4, 3.0])
def test_the_interval_holds_the_share_of_the_system_and_of_the_log(
    count: int, mean: float, sure: float
) -> None:
    numbers = np.random.default_rng(1)
    held_system = held_log = 0
    for _ in range(TRIALS):
        chances = drawn(numbers, count, mean, sure)
        truth = (numbers.random(count) < chances).mean()
        found = share(float(chances.sum()), count, error=0.0)
        held_system += found.low <= mean <= found.high
        held_log += found.low <= truth <= found.high
    assert held_system / TRIALS >= 0.94
    assert held_log / TRIALS >= 0.94


def test_without_reading_doubt_the_interval_is_no_wider_than_it_must_be() -> None:
    numbers = np.random.default_rng(2)
    counts = numbers.binomial(100, 0.3, TRIALS)
    held = sum(
        found.low <= 0.3 <= found.high
        for found in (share(float(count), 100, error=0.0) for count in counts)
    )
    assert 0.93 <= held / TRIALS <= 0.98


@pytest.mark.parametrize("direction", [-1, 1])
def test_a_classifier_that_is_off_stays_inside_however_long_the_log(direction: int) -> None:
    numbers = np.random.default_rng(3)
    truth = drawn(numbers, 200_000, 0.3, 4.0)
    odds = np.log(truth / (1 - truth)) + direction * 4 * CALIBRATION_ERROR
    said = 1 / (1 + np.exp(-odds))
    found = share(float(said.sum()), len(said))
    assert found.low <= truth.mean() <= found.high
    narrow = share(float(said.sum()), len(said), error=0.0)
    assert not narrow.low <= truth.mean() <= narrow.high


def test_days_that_differ_widen_the_interval_until_it_holds() -> None:
    numbers = np.random.default_rng(4)
    held = naive = 0
    for _ in range(300):
        each = numbers.beta(3, 7, 30)  # the share of a day; its mean is 0.3
        totals = numbers.binomial(50, each)
        days = [(50.0, float(total)) for total in totals]
        found = share(float(totals.sum()), 1_500, days, error=0.0)
        alone = share(float(totals.sum()), 1_500, error=0.0)
        held += found.low <= 0.3 <= found.high
        naive += alone.low <= 0.3 <= alone.high
    assert held / 300 >= 0.9
    assert naive / 300 < 0.7


def test_days_that_are_alike_change_nothing() -> None:
    numbers = np.random.default_rng(5)
    days = [(50.0, float(numbers.binomial(50, 0.3))) for _ in range(200)]
    assert 1.0 <= design_effect(days) < 1.4
    assert design_effect(days[:4]) == 1.0


def test_known_intervals() -> None:
    low, high = wilson(0.5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert clustered([(10, 2), (10, 4)]) == pytest.approx(0.01)


@given(
    count=st.integers(0, 10**9),
    part=st.floats(0, 1),
    days=st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), max_size=8),
)
def test_every_share_lies_in_its_interval(
    count: int, part: float, days: list[tuple[int, float]]
) -> None:
    parts = [(float(number), number * chance) for number, chance in days]
    found = share(part * count, count, parts)
    assert 0 <= found.low <= found.mid <= found.high <= 1
    if count:
        assert found.mid == pytest.approx(part, abs=ROUNDING)
