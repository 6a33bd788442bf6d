"""One record at a time, for logs that are read as a stream."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor.importing import read_record
from advisor.importing.tables.dates import parsed, when

MOMENT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def test_a_plain_record_goes_by_its_names_and_keeps_its_date() -> None:
    (found,) = read_record({
        "Question": "Q",
        "answer": "A",
        "gold": "B",
        "created_at": "2026-03-01",
    })
    assert found.fields == {"input": "Q", "output": "A", "expected": "B"}
    assert (found.passed, found.when) == (None, datetime(2026, 3, 1, tzinfo=UTC))


def test_an_answer_that_is_the_wanted_one_passed() -> None:
    (found,) = read_record({"input": "Q", "output": "A", "expected": "A"})
    assert found.passed is True


def test_a_record_of_a_known_export_is_read_as_one() -> None:
    run = {
        "id": "r",
        "run_type": "chain",
        "inputs": {"question": "Q"},
        "outputs": {"output": "A"},
        "start_time": "2026-03-01T12:30:00Z",
    }
    (found,) = read_record(run)
    assert (found.fields["id"], found.fields["input"], found.fields["output"]) == ("r", "Q", "A")
    assert found.when == MOMENT
    assert read_record({**run, "parent_run_id": "p"}) == ()


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T12:30:00Z",
        "2026-03-01 13:30:00+01:00",
        "2026-03-01 12:30:00.000000",
        1772368200,
        1772368200000,
        "1772368200000000",
        "1772368200000000000",
        MOMENT,
    ],
)
def test_moments_are_read_however_they_are_written(value: Any) -> None:
    assert parsed(value) == MOMENT


@pytest.mark.parametrize(
    "value", ["", "soon", "0001-01-01", True, 7, 10**400, float("nan"), "²", "9" * 40, []], ids=repr
)
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert parsed(value) is None


def test_the_most_telling_field_wins() -> None:
    record = {"updated_at": "2027-01-01", "startTime": "2026-03-01T12:30:00", "timestamp": None}
    assert when(record) == MOMENT
