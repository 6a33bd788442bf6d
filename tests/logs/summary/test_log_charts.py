from __future__ import annotations

import re

import pytest
from sample_log import about, rows, summary, tally_of

from advisor.logs.summary.build import without_groups
from advisor.logs.summary.summary_charts import (
    mix,
    mix_alt,
    mix_rows,
    over_time,
    over_time_alt,
    range_words,
    trend_table,
    when,
)
from advisor.logs.summary.summary_record import Trend
from advisor.presentation import palette
from advisor.presentation.chart_parts import svg
from advisor.vocabulary import Mode


def trend_of(count: int, days: int) -> Trend:
    found = without_groups(tally_of(rows(count, days=days)), about(count)).trend
    assert found
    return found


def test_the_mix_is_drawn_largest_first_with_its_ranges() -> None:
    drawn = mix_rows(summary())
    assert [row["mid"] for row in drawn] == sorted((row["mid"] for row in drawn), reverse=True)
    picture = svg(mix(summary()))
    assert all(row["label"] in picture for row in drawn)
    assert not re.search(r"<(script|image|style)|@import|url\(|href", picture)


def test_pictures_say_the_same_in_words() -> None:
    found = summary().trend
    assert found
    assert "Outdated knowledge (knowledge) 29 % (20 to 38 %)" in mix_alt(summary())
    assert len(mix_alt(summary())) < 300
    said = over_time_alt(found, Mode.FORMAT)
    assert said.startswith("Broken format by week, 9 points: lowest ")
    assert "(week of " in said


def test_text_takes_the_colour_of_the_page() -> None:
    found = summary().trend
    assert found
    for chart in (mix(summary()), over_time(found, Mode.FORMAT)):
        fills = set(re.findall(r'<text[^>]* fill="([^"]+)"', svg(chart)))
        assert fills <= {"currentColor", palette.INK, palette.PAPER}


def test_a_real_change_is_marked_and_chance_is_not() -> None:
    found = summary().trend
    assert found
    assert "stroke-dasharray" in svg(over_time(found, Mode.FORMAT))
    assert "stroke-dasharray" not in svg(over_time(found, Mode.STYLE))
    assert "stroke-dasharray" not in svg(over_time(trend_of(600, 60), Mode.FORMAT))


def test_nothing_known_is_no_error() -> None:
    empty = without_groups(tally_of([]), about(0))
    assert svg(mix(empty)).startswith("<svg")


@pytest.mark.parametrize(
    ("count", "days", "words"),
    [
        (600, 14, "1 September 2026"),
        (600, 60, "week of 31 August 2026"),
        (1_000, 800, "September 2026"),
        (40, 1_500, "2026"),
    ],
)
def test_every_point_names_its_time(count: int, days: int, words: str) -> None:
    found = trend_of(count, days)
    assert when(found.points[0], found) == words
    assert svg(over_time(found, Mode.STYLE)).startswith("<svg")


def test_the_table_holds_what_the_picture_shows() -> None:
    found = summary().trend
    assert found
    table = trend_table(found, [Mode.FORMAT, Mode.STYLE])
    assert len(table) == len(found.points)
    assert table[0]["Broken format"] == range_words(found.points[0].shares[Mode.FORMAT])
