from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_log import BEGAN, a_row, rows, tally_of

from advisor.logs.summary.summary_record import Trend, Unit
from advisor.logs.summary.trend import compared, holm, trend
from advisor.vocabulary import Mode


def over(count: int, days: int, later: dict[Mode, float] | None = None) -> Trend | None:
    tally = tally_of(rows(count, later, days))
    return trend(tally.dates, tally.level)


@pytest.mark.parametrize(
    ("count", "days", "unit"),
    [
        (600, 14, "day"),
        (200, 14, "week"),
        (2_000, 60, "week"),
        (1_000, 800, "month"),
        (300, 1_500, "year"),
        (40, 1_500, "year"),
    ],
)
def test_time_is_cut_by_span_and_counts(count: int, days: int, unit: Unit) -> None:
    found = over(count, days)
    assert found is not None
    assert found.unit == unit
    assert sum(point.failures for point in found.points) == count
    assert [point.start for point in found.points] == sorted({
        point.start for point in found.points
    })


def test_a_week_begins_on_monday() -> None:
    found = over(2_000, 60)
    assert found is not None
    assert {point.start.weekday() for point in found.points} == {0}


def test_one_day_is_no_trend() -> None:
    assert over(50, 1) is None
    assert trend({}, 10) is None


def test_a_real_change_is_found_and_named() -> None:
    found = over(600, 60, {Mode.FORMAT: 0.9})
    assert found is not None and found.change is not None
    assert found.change.real
    assert found.change.mode in {Mode.FORMAT, Mode.STALE_KNOWLEDGE}
    assert found.change.difference.low * found.change.difference.high > 0
    assert abs((found.change.since - BEGAN.date()).days - 30) <= 7


def test_chance_is_seldom_taken_for_a_change() -> None:
    numbers = np.random.default_rng(6)
    alarms = 0
    for _ in range(150):
        lines = {}
        for day in range(20):
            each = numbers.dirichlet(np.full(12, 1.0), 15)
            name = (date(2026, 5, 1) + timedelta(days=day)).isoformat()
            lines[name] = [15, *(each.sum(axis=0) * 10_000).tolist()]
        found = trend(lines, 10)
        assert found is not None and found.change is not None
        alarms += found.change.real
    assert alarms / 150 <= 0.07


def test_days_that_differ_much_are_no_change() -> None:
    numbers = np.random.default_rng(8)
    alarms = rows_alone = 0
    for _ in range(200):
        days = [(100.0, float(numbers.binomial(100, numbers.beta(3, 7)))) for _ in range(20)]
        alarms += compared(days[:10], days[10:]).chance < 0.05
        joined = [[(1_000.0, sum(total for _, total in half))] for half in (days[:10], days[10:])]
        rows_alone += compared(*joined).chance < 0.05
    assert alarms / 200 <= 0.09
    assert rows_alone / 200 > 0.3


def test_too_few_failures_are_not_compared() -> None:
    found = over(30, 14)
    assert found is not None
    assert found.change is None


def test_halves_that_are_the_same_for_certain_are_no_change() -> None:
    days = [(10.0, 0.0)] * 6
    assert compared(days[:3], days[3:]).chance == pytest.approx(1.0)


def test_dates_of_months_alone_are_drawn_as_months() -> None:
    moments = [datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(1_200)]
    tally = tally_of(a_row(row, np.ones(12), at) for row, at in enumerate(moments))
    found = trend(tally.dates, tally.level)
    assert found is not None
    assert found.unit == "month"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_corrects_in_order(chances: list[float]) -> None:
    corrected = holm(chances)
    assert all(new >= old for new, old in zip(corrected, chances, strict=True))
    assert max(corrected) <= 1
    assert min(corrected) == pytest.approx(min(1.0, min(chances) * len(chances)))
    order = np.argsort(chances, kind="stable")
    assert np.all(np.diff(np.array(corrected)[order]) >= 0)


def test_holm_as_published() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
