"""Learning curves: continued with a range that is wide where three points say little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.pilot.comparing.statistics.curve import MeasuredPoint, project


def point(examples: int, score: float, error: float = 0.04) -> MeasuredPoint:
    return MeasuredPoint(examples, score, score - 2 * error, score + 2 * error)


def test_a_rising_curve_goes_on_rising_and_a_flat_one_does_not() -> None:
    rising = project([point(60, 0.4, 0.02), point(120, 0.6, 0.02), point(240, 0.7, 0.02)], 0.02)
    flat = project([point(60, 0.8, 0.02), point(120, 0.8, 0.02), point(240, 0.8, 0.02)], 0.02)
    assert rising is not None
    assert flat is not None
    assert [one.examples for one in rising.projected] == [480, 960]
    two, four = rising.projected
    assert 0.7 < two.score < four.score < 1
    assert flat.projected[0].score < 0.84
    assert rising.chance > 0.9 > 0.5 > flat.chance
    assert "With 480 instead of 240 examples it would reach about" in rising.words
    assert "is likely" in rising.words


def test_noisy_points_give_a_wide_range() -> None:
    widths = []
    for error in (0.01, 0.05):
        found = project(
            [point(60, 0.5, error), point(120, 0.6, error), point(240, 0.66, error)], 0.1
        )
        assert found is not None
        widths.append(found.projected[0].high - found.projected[0].low)
    assert widths[1] > 2.5 * widths[0]


def test_one_size_is_no_curve() -> None:
    assert project([point(60, 0.5)], 0.1) is None
    assert project([point(60, 0.5), point(60, 0.6), point(0, 0.2)], 0.1) is None


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 5_000), st.floats(0, 1), st.floats(0, 0.3)), min_size=2))
def test_any_points_give_an_ordered_range_or_none(rows: list[tuple[int, float, float]]) -> None:
    found = project([point(*row) for row in rows], 0.05)
    if found is None:
        assert len({row[0] for row in rows}) == 1
        return
    for one in found.projected:
        assert 0 <= one.low <= one.score <= one.high <= 1
    assert found.projected[0].score <= found.projected[1].score + 0.02


def test_the_range_mostly_holds_the_truth() -> None:
    """40 curves that level off, three sizes, 120 test cases; the benchmark has more."""
    rng, held = np.random.default_rng(0), 0
    for _ in range(40):
        end, rate = rng.uniform(0.6, 1), rng.uniform(0.2, 1)
        now = end - rng.uniform(0, 0.5) * 0.25**rate
        truth = {share: end - (end - now) * share**-rate for share in (0.25, 0.5, 1, 2)}
        seen = {share: rng.binomial(120, max(0, truth[share])) / 120 for share in (0.25, 0.5, 1)}
        found = project([point(int(240 * s), score, 0.045) for s, score in seen.items()], 0.05)
        assert found is not None
        held += found.projected[0].low <= truth[2] <= found.projected[0].high
    assert held / 40 == pytest.approx(0.97, abs=0.04)
