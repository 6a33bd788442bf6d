"""What every chart is made of: rows, axes, names above their bars, and one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

from advisor.presentation.chart_data import Row
from advisor.presentation.palette import MUTED, TEXT

_WIDTH = 660
"""Pixels across in documents; a screen stretches the chart to its own width."""
_ROW = 42
"""Pixels of one row: its name, and below that its bar, so that names have the whole width."""
DOWN = 8
"""Pixels from the middle of a row down to the middle of its bar."""
AXIS = 48
"""Pixels below the rows for the axis and its title; heights hold them."""
_EDGE = 8
"""Pixels above and below everything."""
_PERCENT = "format(datum.value * 100, '.0f') + ' %'"


def svg(chart: alt.LayerChart) -> str:
    """Return a chart as SVG without outside requests; text has the colour of what is around it."""
    return str(vl_convert.vegalite_to_svg(spec(chart), allowed_base_urls=[]))


def spec(chart: alt.LayerChart) -> dict[str, Any]:
    """Return a chart as Vega-Lite with its look, for a page to draw."""
    return chart.to_dict() | {"config": _CONFIG}


def layers(order: Sequence[str], *charts: alt.Chart, below: int = 0) -> alt.LayerChart:
    """Put the name of each row above what is drawn in it."""
    names = (
        chart_of([{"row": name} for name in order])
        .mark_text(align="left", baseline="bottom", dy=-4, color=TEXT)
        .encode(x=alt.value(0), y=row_axis(order), text="row:N")
    )
    height = _ROW * len(order) + below + _EDGE
    return alt.LayerChart(layer=[*charts, names], width=_WIDTH, height=height)


def order_of(rows: Sequence[Row]) -> list[str]:
    """Return the names of rows, each once."""
    return list(dict.fromkeys(row["row"] for row in rows))


def chart_of(rows: Sequence[Row]) -> alt.Chart:
    """Return a chart of rows with nothing drawn yet."""
    return alt.Chart({"values": list(rows)})


def row_axis(order: Sequence[str]) -> alt.Y:
    """Return where each row stands."""
    return alt.Y("row:N", sort=list(order), axis=None, scale=alt.Scale(padding=0))


def share_axis(field: str, title: str, room: float = 0.0) -> alt.X:
    """Return an axis from 0 to 100 %, with `room` beyond for labels."""
    values = [0, 0.2, 0.4, 0.6, 0.8, 1]
    axis = alt.Axis(
        title=title,
        titleAnchor="start",
        titleColor=TEXT,
        labelColor=TEXT,
        labelExpr=_PERCENT,
        values=values,
        grid=False,
        domain=False,
    )
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, 1 + room], nice=False))


def colour() -> alt.Color:
    """Return the colour that each row names itself."""
    return alt.Color("colour:N", scale=None)


_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_CONFIG: dict[str, Any] = {
    "aria": False,
    "autosize": {"type": "fit", "contains": "padding"},
    "background": None,
    "font": _FONT,
    "padding": {"left": 8, "right": 8, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "mark": {"aria": False},
    "text": {"fontSize": 12},
    "axis": {
        "aria": False,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelFont": _FONT,
        "labelFontSize": 12,
        "titleFont": _FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelPadding": 8,
    },
}
