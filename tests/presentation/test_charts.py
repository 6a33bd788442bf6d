from __future__ import annotations

import html
import re
from itertools import combinations

import numpy as np
import pytest
from sample_assessment import ABSTAINED, ASSESSMENT, EMPTY

from advisor.presentation import palette
from advisor.presentation.chart_data import cause_rows
from advisor.presentation.chart_parts import spec, svg
from advisor.presentation.charts import ALL, Picture, options, reasons
from advisor.vocabulary import CAUSE_OF, Cause

DARK_PAGE = "#0e1117"
SEEN_AS = {
    "all colours": np.eye(3),
    "no green": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "no red": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "no blue": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""How people with common colour blindness see (Machado, Oliveira and Fernandes, 2009)."""

pictures = pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.id)


@pictures
def test_every_chart_is_drawn_without_outside_requests(picture: Picture) -> None:
    drawn = svg(picture.draw(ASSESSMENT))
    assert drawn.startswith("<svg")
    assert not re.search(r"<(script|image|style)|@import|url\(|href", drawn)


@pictures
def test_text_takes_the_colour_of_the_page(picture: Picture) -> None:
    fills = set(re.findall(r'<text[^>]* fill="([^"]+)"', svg(picture.draw(ASSESSMENT))))
    assert fills <= {"currentColor", palette.INK, palette.PAPER}


@pictures
def test_every_chart_says_the_same_in_words(picture: Picture) -> None:
    assert len(picture.alt(ASSESSMENT)) > 40
    assert picture.title and picture.caption


@pictures
def test_nothing_known_is_no_error(picture: Picture) -> None:
    assert svg(picture.draw(EMPTY)).startswith("<svg")
    assert picture.shown(EMPTY) == (picture.id == "causes")


def test_the_recommended_and_the_ruled_out_are_named() -> None:
    drawn = svg(options(ASSESSMENT))
    assert "68 %, recommended" in drawn
    assert "%, ruled out" in drawn
    assert "68 %, best guess" in svg(options(ABSTAINED))


def test_a_mix_that_never_comes_out_ahead_is_left_out() -> None:
    drawn = svg(options(ASSESSMENT))
    assert all(name in drawn for name in ("Prompting", "Retrieval", "Fine-tuning"))
    assert "Prompting, retrieval and fine-tuning" not in drawn


@pictures
def test_no_row_is_squeezed_and_no_name_is_dropped(picture: Picture) -> None:
    chart = picture.draw(ASSESSMENT)
    names = [row["row"] for row in chart.layer[-1].data["values"]]
    assert spec(chart)["height"] >= 40 * len(names)
    assert len(set(names)) == len(names) > 0
    for width in (340, 1100):
        drawn = svg(picture.draw(ASSESSMENT).properties(width=width))
        assert all(html.escape(name, quote=False) in drawn for name in names)


def test_reasons_stand_on_their_side() -> None:
    drawn = svg(reasons(ASSESSMENT))
    assert "strong, for knowledge" in drawn
    assert "strong, against fine-tuning" in drawn


def test_a_reason_that_is_covered_by_another_is_not_drawn() -> None:
    covered = ASSESSMENT.evidence[0].model_copy(update={"counted": False})
    changed = ASSESSMENT.model_copy(update={"evidence": (covered, *ASSESSMENT.evidence[1:])})
    assert "Facts change faster" not in svg(reasons(changed))


def test_markup_in_a_title_stays_text() -> None:
    hostile = ASSESSMENT.evidence[0].model_copy(update={"title": "<script>x</script>"})
    drawn = svg(reasons(ASSESSMENT.model_copy(update={"evidence": (hostile,)})))
    assert "&lt;script" in drawn
    assert "<script" not in drawn


def test_modes_are_drawn_within_their_cause() -> None:
    rows = list(cause_rows(ASSESSMENT))
    knowledge = next(row for row in rows if row["label"].startswith("Knowledge"))
    modes = [row for row in rows[1:] if row["colour"] == palette.COLOURS[Cause.KNOWLEDGE]]
    assert len(modes) > 2
    assert all(knowledge["from"] <= row["from"] and row["to"] <= 0.621 for row in modes)


@pytest.mark.parametrize("colour", [*palette.COLOURS.values(), palette.MUTED])
def test_colours_stand_out_from_light_and_dark_pages(colour: str) -> None:
    assert palette.contrast(colour, palette.PAPER) >= 3
    assert palette.contrast(colour, DARK_PAGE) >= 3


@pytest.mark.parametrize("colour", palette.COLOURS.values())
def test_text_on_a_bar_can_be_read(colour: str) -> None:
    assert palette.contrast(palette.text_on(colour), colour) >= 4.5


@pytest.mark.parametrize("sight", SEEN_AS)
def test_causes_are_told_apart_with_any_sight(sight: str) -> None:
    seen = [_lab(SEEN_AS[sight] @ _linear(colour)) for colour in palette.COLOURS.values()]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 10


def test_every_mode_has_a_colour() -> None:
    assert set(CAUSE_OF.values()) == set(palette.COLOURS)


def _linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    mix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(mix @ linear.clip(0, 1) / np.array([0.9505, 1, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
