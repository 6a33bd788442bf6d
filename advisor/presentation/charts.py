"""Pictures of an assessment, for the screen and for documents alike.

A chart is a function of an `Assessment`, and so is the text that says the same in words.
Text takes the colour of the page around it, so that a chart reads in light and dark; colours never
stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt

from advisor.domain.assessment import Assessment
from advisor.presentation.chart_data import (
    ALL_CAUSES,
    Row,
    cause_rows,
    causes_alt,
    drawn_options,
    drawn_reasons,
    failures_alt,
    group_rows,
    option_row,
    options_alt,
    reason_row,
    reasons_alt,
)
from advisor.presentation.chart_parts import (
    AXIS,
    DOWN,
    chart_of,
    colour,
    layers,
    order_of,
    row_axis,
    share_axis,
)
from advisor.presentation.palette import MUTED, TEXT

_FITS = 0.28
"""Share of the bar from which a name fits inside, on a phone too."""
_LATE = 0.88
"""Place from which a label stands to the left of its bar."""


@dataclass(frozen=True)
class Picture:
    """One chart with its words."""

    id: str
    title: str
    caption: str
    draw: Callable[[Assessment], alt.LayerChart]
    alt: Callable[[Assessment], str]
    """What the chart shows, for people who do not see it."""
    shown: Callable[[Assessment], bool]
    """Whether there is anything to draw."""


def causes(assessment: Assessment) -> alt.LayerChart:
    """Draw behaviour or knowledge: the causes as one bar, and below each part its modes."""
    rows = list(cause_rows(assessment))
    order = order_of(rows)
    wide = [row for row in rows if row["row"] == ALL_CAUSES and row["share"] >= _FITS]
    modes = [row for row in rows if row["row"] != ALL_CAUSES]
    bars = (
        chart_of(rows)
        .mark_bar(cornerRadius=2, height=16, yOffset=DOWN)
        .encode(
            x=share_axis("from", "Share of what goes wrong"),
            x2="to:Q",
            y=row_axis(order),
            color=colour(),
        )
    )
    inside = (
        chart_of(wide)
        .mark_text(fontWeight="bold", dy=DOWN)
        .encode(
            x="middle:Q", y=row_axis(order), text="label:N", color=alt.Color("ink:N", scale=None)
        )
    )
    return layers(order, bars, inside, *_beside(modes, order), below=AXIS)


def options(assessment: Assessment) -> alt.LayerChart:
    """Draw what each set of remedies would fix, with its range, against what it costs."""
    rows = [option_row(option, assessment) for option in drawn_options(assessment)]
    order = order_of(rows)
    chart, y = chart_of(rows), row_axis(order)
    x = share_axis("mid", "Share of failures fixed", room=0.5)
    lines = chart.mark_rule(strokeWidth=3, strokeCap="round", opacity=0.65, yOffset=DOWN).encode(
        x=share_axis("low", "Share of failures fixed", room=0.5), x2="high:Q", y=y, color=colour()
    )
    dots = chart.mark_point(filled=True, opacity=1, yOffset=DOWN).encode(
        x=x,
        y=y,
        color=colour(),
        size=alt.Size("size:Q", scale=None),
        shape=alt.Shape("shape:N", scale=None),
    )
    costs = chart.mark_tick(thickness=2, height=16, color=MUTED, yOffset=DOWN).encode(
        x="overhead:Q", y=y
    )
    words = chart.mark_text(align="left", dx=8, dy=DOWN, color=TEXT).encode(
        x="end:Q", y=y, text="label:N"
    )
    return layers(order, lines, costs, dots, words, below=AXIS)


def reasons(assessment: Assessment) -> alt.LayerChart:
    """Draw the reasons by weight: to the right what speaks for, to the left what speaks against."""
    rows = [reason_row(item) for item in drawn_reasons(assessment)]
    order = order_of(rows)
    most = max((abs(row["weight"]) for row in rows), default=1.0)
    scale = alt.Scale(domain=[-most, most], nice=False)
    x = alt.X("weight:Q", scale=scale, axis=None, stack=None)
    bars = (
        chart_of(rows)
        .mark_bar(cornerRadius=2, height=12, yOffset=DOWN)
        .encode(x=x, y=row_axis(order), color=colour())
    )
    return layers(order, bars, *_across(rows, order))


def failures(assessment: Assessment) -> alt.LayerChart:
    """Draw the failures by group, coloured by cause; unsure ones are paler."""
    rows = [row for group in assessment.groups for row in group_rows(group, assessment)]
    order = order_of(rows)
    most = max((len(group.ids) for group in assessment.groups), default=1)
    x = alt.X("from:Q", axis=None, scale=alt.Scale(domain=[0, most * 2.8], nice=False))
    bars = chart_of(rows).mark_bar(cornerRadius=2, height=14, yOffset=DOWN).encode(
        x=x, x2="to:Q", y=row_axis(order), color=colour(),
        opacity=alt.Opacity("opacity:Q", scale=None),
    )  # fmt: skip
    ends = [row for row in rows if row["label"]]
    words = (
        chart_of(ends)
        .mark_text(align="left", dx=6, dy=DOWN, color=TEXT)
        .encode(x="to:Q", y=row_axis(order), text="label:N")
    )
    return layers(order, bars, words)


def _beside(rows: Sequence[Row], order: Sequence[str]) -> list[alt.Chart]:
    """Write each label beside its bar, or inside one that leaves no room on either side."""
    right = [row for row in rows if row["to"] <= _LATE]
    left = [row for row in rows if row["to"] > _LATE and row["from"] >= 1 - _LATE]
    inside = [row for row in rows if row["to"] > _LATE and row["from"] < 1 - _LATE]
    ink = alt.Color("ink:N", scale=None)
    sides = (
        chart_of(right).mark_text(align="left", dx=6, dy=DOWN, color=TEXT).encode(x="to:Q"),
        chart_of(left).mark_text(align="right", dx=-6, dy=DOWN, color=TEXT).encode(x="from:Q"),
        chart_of(inside).mark_text(align="right", dx=-6, dy=DOWN).encode(x="to:Q", color=ink),
    )
    return [side.encode(y=row_axis(order), text="label:N") for side in sides]


def _across(rows: Sequence[Row], order: Sequence[str]) -> list[alt.Chart]:
    """Write each label on the side of zero that its bar leaves free."""
    favours = chart_of([row for row in rows if row["weight"] > 0])
    against = chart_of([row for row in rows if row["weight"] <= 0])
    sides = (
        favours.mark_text(align="right", dx=-6, dy=DOWN, fontSize=11, color=TEXT),
        against.mark_text(align="left", dx=6, dy=DOWN, fontSize=11, color=TEXT),
    )
    zero = alt.datum(0, type="quantitative")
    return [side.encode(x=zero, y=row_axis(order), text="label:N") for side in sides]


ALL: tuple[Picture, ...] = (
    Picture(
        "causes",
        "Behaviour or knowledge?",
        "What goes wrong, by cause. Below stand the kinds of failure within each cause; kinds "
        "under 2 % are left out.",
        causes,
        causes_alt,
        lambda assessment: bool(assessment.causes),
    ),
    Picture(
        "options",
        "What each remedy would fix",
        "Mark: best estimate. Line: likely range. Upright stroke: the share of failures that a "
        "set must fix to pay for itself. Mixes that hardly ever come out ahead are left out.",
        options,
        options_alt,
        lambda assessment: bool(assessment.ranking),
    ),
    Picture(
        "reasons",
        "The reasons by weight",
        "To the right: speaks for. To the left: speaks against. The longer the bar, the heavier.",
        reasons,
        reasons_alt,
        lambda assessment: any(item.counted for item in assessment.evidence),
    ),
    Picture(
        "failures",
        "Which failures point where",
        "One bar for each group of failures. The pale end counts those that could not be told "
        "apart with confidence.",
        failures,
        failures_alt,
        lambda assessment: bool(assessment.groups),
    ),
)
"""Every chart, in the order in which a reader needs them."""
