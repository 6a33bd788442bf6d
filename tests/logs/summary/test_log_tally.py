from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sample_log import BEGAN, Row, a_row, reading, rows, tally_of

from advisor.logs.summary import sample as summary_sample
from advisor.logs.summary import tally as summary_tally
from advisor.logs.summary.sample import Smallest
from advisor.logs.summary.tally import Tally
from advisor.proposal import Failure
from advisor.vocabulary import Mode

PLENTY = 30
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
moments = st.none() | st.datetimes(timezones=st.none() | st.just(UTC))


@st.composite
def logs(draw: st.DrawFn) -> list[Row]:
    """Logs of any texts, readings and dates; rows are numbered from 1."""
    found = []
    for row in range(1, draw(st.integers(0, PLENTY)) + 1):
        chances = draw(st.lists(st.floats(0.001, 1), min_size=12, max_size=12))
        failure = Failure(output=f"x{draw(texts)}", note=draw(texts))
        found.append(Row(row, failure, reading(chances, str(row)), draw(moments)))
    return found


def joined(parts: Sequence[Sequence[Row]], through_json: bool) -> Tally:
    whole = Tally()
    for part in parts:
        tally = tally_of(part)
        whole.merge(Tally.from_json(tally.to_json()) if through_json else tally)
    return whole


@given(log=logs(), data=st.data())
def test_any_split_in_any_order_gives_the_same(log: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(log))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(log)), max_size=5)))
    ends = [0, *cuts, len(log)]
    parts = [shuffled[start:end] for start, end in zip(ends, ends[1:], strict=False)]
    assert joined(parts, data.draw(st.booleans())).to_json() == tally_of(log).to_json()


@given(log=logs(), limit=st.integers(1, 4))
def test_bounded_memory_keeps_the_split_free(log: list[Row], limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary_tally, "MOST_DATES", limit)
        patch.setattr(summary_tally, "SAMPLE", limit)
        whole = tally_of(log)
        assert joined([log[::2], log[1::2]], True).to_json() == whole.to_json()
        assert len(whole.sample()) <= limit
        assert len(whole.dates) <= limit or whole.level == 4


def test_everything_is_counted() -> None:
    log = list(rows(300))
    tally = tally_of(log)
    assert tally.failures == 300
    assert sum(tally.unsure) == sum(row.reading.abstained for row in log)
    assert sum(tally.sums) == 300 * 10_000
    assert sum(line[0] for line in tally.dates.values()) == 300
    place = list(Mode).index(Mode.FORMAT)
    expected = sum(row.reading.probabilities[Mode.FORMAT] for row in log)
    assert tally.sums[place] / 10_000 == pytest.approx(expected)


def test_the_sample_is_drawn_evenly_over_the_log() -> None:
    tally = tally_of(a_row(row, np.ones(12)) for row in range(1, 12_001))
    sample = [item.row for item in tally.sample()]
    assert len(sample) == 2_000
    assert sample == sorted(set(sample))
    quarters = np.histogram(sample, bins=4, range=(0, 12_000))[0]
    assert np.all(np.abs(quarters - 500) < 100)


def test_a_text_that_repeats_is_one_clear_example() -> None:
    clear = 0.95 * np.eye(12)[0] + 0.05 / 12
    same = [a_row(1, clear)._replace(row=row) for row in range(1, 9)]
    assert [item.row for item in tally_of(same).clearest()] == [1]
    assert len(tally_of(a_row(row, clear) for row in range(9)).clearest()) == 3


def test_an_unsure_reading_is_never_a_clear_example() -> None:
    assert tally_of([a_row(1, np.ones(12))]).clearest() == ()


def test_long_texts_keep_their_beginning_and_their_end() -> None:
    failure = Failure(id="i" * 9_000, output="a" * 9_000 + "the end")
    tally = tally_of([Row(1, failure, reading(np.ones(12)), None)])
    (kept,) = tally.sample()
    assert len(kept.failure.output or "") < 1_100
    assert (kept.failure.output or "").startswith("aaa")
    assert (kept.failure.output or "").endswith("the end")
    assert len(kept.failure.id or "") == 200


def test_texts_of_many_bytes_leave_fewer_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_sample, "BYTES", 5_000)
    sample = tally_of(rows(50)).sample()
    assert 0 < len(sample) < 50


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_an_impossible_date_counts_as_unknown(year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    assert tally_of([a_row(1, np.ones(12), at)]).dates == {}


def test_a_day_is_a_day_in_utc() -> None:
    late = datetime(2026, 5, 14, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert list(tally_of([a_row(1, np.ones(12), late)]).dates) == ["2026-05-15"]


def test_many_days_become_months() -> None:
    log = [a_row(row, np.ones(12), BEGAN + timedelta(days=row)) for row in range(1_200)]
    tally = tally_of(log)
    assert tally.level == 7
    assert 39 <= len(tally.dates) <= 41
    assert sum(line[0] for line in tally.dates.values()) == 1_200


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"answered": []}', "null"])
def test_what_is_no_tally_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Tally.from_json(text)


def test_the_smallest_are_kept_however_many_come() -> None:
    kept = Smallest(3, key=2)
    kept.add(
        summary_sample.Ranked((0, number * 7919 % 1000, number), tally_example())
        for number in range(1, 500)
    )
    ranks = [item.rank for item in kept.best()]
    assert ranks == sorted((0, number * 7919 % 1000, number) for number in range(1, 500))[:3]


def tally_example() -> str:
    return summary_sample.example_of(*a_row(1, np.ones(12))[:3])
