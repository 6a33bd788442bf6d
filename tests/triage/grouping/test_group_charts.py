from __future__ import annotations

import re

import pytest

from advisor.presentation.chart_parts import svg
from advisor.presentation.palette import COLOURS
from advisor.proposal import Failure
from advisor.triage.grouping.group_charts import (
    SHAPES,
    excerpt,
    in_words,
    legend,
    mix_bar,
    picked,
    point_rows,
    spread,
)
from advisor.triage.grouping.groups import AlikeGroup, Grouping, MapPoint
from advisor.vocabulary import Cause, Mode, Remedy

HOSTILE = "<img src=x onerror=alert(1)> **bold** </script>"


def made(
    id: str, ids: tuple[str, ...], name: str = "Broken format", share: float = 0.5
) -> AlikeGroup:
    return AlikeGroup(
        id=id,
        name=name,
        common="They read alike.",
        ids=ids,
        share=share,
        modes={Mode.FORMAT: len(ids)},
        example=ids[0],
        remedy=Remedy.PROMPTING,
        why="Prompting should fix about half.",
    )


POINTS = (
    MapPoint(id="a", x=0.0, y=0.0, group="one", mode=Mode.FORMAT),
    MapPoint(id="b", x=0.5, y=0.5, group="one", mode=Mode.FORMAT),
    MapPoint(id="c", x=-0.9, y=0.2, group="two", mode=Mode.SYSTEM),
)
GROUPING = Grouping(groups=(made("one", ("a", "b")), made("two", ("c",), HOSTILE)), points=POINTS)
FAILURES = {id: Failure(id=id, note=HOSTILE) for id in "abc"}


def test_every_cause_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(Cause)
    assert len({shape for shape, _ in SHAPES.values()}) == len(SHAPES)


def test_the_map_is_drawn_without_outside_requests_and_nothing_is_interpreted() -> None:
    drawn = svg(spread(GROUPING, FAILURES))
    assert drawn.startswith("<svg")
    assert not re.search(r"<(script|image|style|img)|@import|url\((?!#)|href", drawn)


def test_the_group_that_is_shown_stands_out() -> None:
    opacity = {row["id"]: row["opacity"] for row in point_rows(GROUPING, FAILURES, "two")}
    assert opacity["c"] > opacity["a"] == opacity["b"]


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        ({}, []),
        ({"click": [{"id": "a"}]}, ["a"]),
        ({"click": [{"id": "gone"}]}, []),
        ({"click": [{"id": "c"}, {"id": "b"}]}, ["b", "c"]),
    ],
)
def test_what_is_clicked_is_picked(selection: dict[str, object], ids: list[str]) -> None:
    assert picked(selection, POINTS) == ids


def test_the_map_is_told_in_words() -> None:
    words = in_words(GROUPING)
    assert "3 failures in 2 groups" in words
    assert "Broken format (2, 50 %)" in words


def test_the_legend_names_what_is_there() -> None:
    assert legend(POINTS) == "● behaviour · ✚ running"


def test_the_bar_of_modes_says_the_same_in_words() -> None:
    group = made("one", ("a", "b")).model_copy(update={"modes": {Mode.FORMAT: 2, Mode.SYSTEM: 1}})
    bar = mix_bar(group)
    assert 'aria-label="3 failures: 2 broken format and 1 cost, speed, limits"' in bar
    assert COLOURS[Cause.OPERATIONS] in bar


def test_a_long_text_is_shortened_to_one_line() -> None:
    text = excerpt(Failure(output="a\nb " * 4_000))
    assert len(text) <= 140
    assert "\n" not in text
    assert text.endswith("…")
