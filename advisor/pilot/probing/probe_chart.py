"""What each change mended, as a picture."""

from __future__ import annotations

from typing import Any

from advisor.pilot.probing.probe_records import CHANGE_WORDS, Count, ProbeResult
from advisor.pilot.probing.probe_words import line_of
from advisor.presentation.chart_data import Row
from advisor.presentation.chart_parts import (
    DOWN,
    chart_of,
    colour,
    layers,
    order_of,
    row_axis,
    share_axis,
    spec,
)
from advisor.presentation.palette import MUTED, REMEDY_COLOURS, TEXT

_AXIS = 48


def picture(result: ProbeResult) -> dict[str, Any]:
    """Return a chart of the share of failures that each change mended, as Vega-Lite."""
    rows = [_row(count) for count in result.counts]
    order = order_of(rows)
    chart, y = chart_of(rows), row_axis(order)
    x = share_axis("share", "Share of the failures that came out right", room=0.3)
    bars = chart.mark_bar(cornerRadius=2, height=14, yOffset=DOWN)
    words = chart.mark_text(align="left", dx=8, dy=DOWN, color=TEXT)
    drawn = layers(
        order,
        bars.encode(x=x, y=y, color=colour()),
        words.encode(x="share:Q", y=y, text="label:N"),
        below=_AXIS,
    )
    return spec(drawn)


def _row(one: Count) -> Row:
    words = CHANGE_WORDS[one.change]
    return {
        "row": f"{words.title}: {words.what}",
        "share": one.right / one.tried,
        "label": f"{one.right} of {one.tried}",
        "colour": REMEDY_COLOURS[words.remedy] if words.remedy else MUTED,
    }


def alt_text(result: ProbeResult) -> str:
    """Return the picture in words."""
    return f"{'; '.join(map(line_of, result.counts))}."
