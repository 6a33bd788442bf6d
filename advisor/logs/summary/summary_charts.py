"""Pictures of a classified log: what goes wrong with its range, and how that moved over time.

Same look as the pictures of an assessment, and like them each comes with its words.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from advisor.logs.summary.summary_record import LogSummary, Share, Trend, TrendPoint
from advisor.logs.summary.summary_words import UNITS, day, largest
from advisor.presentation import wording
from advisor.presentation.chart_data import Row
from advisor.presentation.chart_parts import DOWN, chart_of, colour, layers, order_of, row_axis
from advisor.presentation.palette import COLOURS, MUTED, TEXT
from advisor.vocabulary import CAUSE_OF, Mode

TOLD = 4
"""Modes that the words beside a picture name."""
SMALLEST = 0.01
"""Share from which a mode is drawn."""
_ROOM = 1.75
"""Times the largest share: how far the axis goes, so that figures fit beside their bars."""
_HEIGHT = 260
_ACROSS = 900
"""Pixels that the stripes to point at share."""


def mix(summary: LogSummary) -> alt.LayerChart:
    """Draw the share of each mode as a bar, with its 95 % interval."""
    rows = mix_rows(summary)
    order = order_of(rows)
    top = max((row["high"] for row in rows), default=1.0) * _ROOM
    scale = alt.Scale(domain=[0, top], nice=False)
    chart, y = chart_of(rows), row_axis(order)
    bars = chart.mark_bar(cornerRadius=2, height=14, yOffset=DOWN, opacity=0.75).encode(
        x=alt.X("mid:Q", axis=None, scale=scale, stack=None), y=y, color=colour()
    )
    ranges = chart.mark_rule(strokeWidth=2, yOffset=DOWN, color=TEXT).encode(
        x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q", y=y
    )
    ends = [
        chart.mark_tick(thickness=2, height=10, yOffset=DOWN, color=TEXT).encode(x=f"{end}:Q", y=y)
        for end in ("low", "high")
    ]
    words = chart.mark_text(align="left", dx=8, dy=DOWN, color=TEXT).encode(
        x="high:Q", y=y, text="label:N"
    )
    return layers(order, bars, ranges, *ends, words)


def mix_rows(summary: LogSummary) -> list[Row]:
    """Return a row for each mode that is drawn, largest first."""
    return [
        {
            "row": f"{wording.start(wording.MODES[one.mode])} "
            f"({wording.CAUSES[CAUSE_OF[one.mode]]})",
            "low": one.share.low,
            "mid": one.share.mid,
            "high": one.share.high,
            "label": range_words(one.share),
            "colour": COLOURS[CAUSE_OF[one.mode]],
        }
        for one in largest(summary)
        if one.share.mid >= SMALLEST
    ]


def range_words(share: Share) -> str:
    """Return `39 % (31 to 46 %)`."""
    return wording.percent_range(share).removeprefix("about ")


def mix_alt(summary: LogSummary) -> str:
    """Return the largest shares in words; a screen reader says this at every button of a chart."""
    parts = [f"{row['row']} {row['label']}" for row in mix_rows(summary)[:TOLD]]
    return f"Largest shares of what goes wrong, with their ranges: {wording.listing(parts)}."


def over_time(trend: Trend, chosen: Mode) -> alt.LayerChart:
    """Draw one mode over time with its range; every point tells more when pointed at."""
    rows = [point_row(point, chosen, trend) for point in trend.points]
    chart = chart_of(rows)
    paint = COLOURS[CAUSE_OF[chosen]]
    x = _time(trend)
    title = f"Share of {wording.MODES[chosen]}"
    quiet = alt.value(None)
    band = chart.mark_area(opacity=0.2, color=paint).encode(
        x=x, y=_level("low", title, rows), y2="high:Q", tooltip=quiet
    )
    line, dots = (
        mark.encode(x=x, y=_level("mid", title, rows), tooltip=quiet)
        for mark in (
            chart.mark_line(strokeWidth=2, color=paint),
            chart.mark_point(filled=True, opacity=1, size=60, color=paint),
        )
    )
    # Unseen, one stripe a point: pointing anywhere near a point is enough.
    stripes = chart.mark_rule(opacity=0, strokeWidth=_ACROSS / len(rows)).encode(
        x=x, tooltip=_tooltip()
    )
    layer = [band, *_turn(trend, chosen), line, dots, stripes]
    return alt.LayerChart(layer=layer, height=_HEIGHT)


def _turn(trend: Trend, chosen: Mode) -> list[alt.Chart]:
    """Draw since when a mode differs, if it does by more than chance."""
    change = trend.change
    if change is None or not change.real or change.mode is not chosen:
        return []
    turn = chart_of([{"start": change.since.isoformat()}])
    return [
        turn.mark_rule(strokeDash=[4, 4], color=MUTED).encode(
            x=_time(trend), tooltip=alt.value(None)
        )
    ]


def point_row(point: TrendPoint, chosen: Mode, trend: Trend) -> Row:
    """Return one mode at one time as a row."""
    share = point.shares[chosen]
    return {
        "start": point.start.isoformat(),
        "low": share.low,
        "mid": share.mid,
        "high": share.high,
        "when": when(point, trend),
        "share": wording.percent(share.mid),
        "range": f"{share.low * 100:.0f} to {share.high * 100:.0f} %",
        "count": f"{point.failures:,}",
    }


def when(point: TrendPoint, trend: Trend) -> str:
    """Return the time of a point: `14 May 2026`, `week of 11 May 2026`, `May 2026`, `2026`."""
    return {
        "day": day(point.start),
        "week": f"week of {day(point.start)}",
        "month": f"{wording.MONTHS[point.start.month - 1]} {point.start.year}",
        "year": str(point.start.year),
    }[trend.unit]


def over_time_alt(trend: Trend, chosen: Mode) -> str:
    """Return one mode over time in words."""
    shares = [(point.shares[chosen].mid, point) for point in trend.points]
    low, high = min(shares, key=_first), max(shares, key=_first)
    return (
        f"{wording.start(wording.MODES[chosen])} by {UNITS[trend.unit]}, "
        f"{len(shares)} points: lowest {wording.percent(low[0])} ({when(low[1], trend)}), "
        f"highest {wording.percent(high[0])} ({when(high[1], trend)}), "
        f"last {wording.percent(shares[-1][0])}."
    )


def trend_table(trend: Trend, shown: Sequence[Mode]) -> list[Row]:
    """Return every point as a line of a table."""
    return [
        {
            wording.start(UNITS[trend.unit]): when(point, trend),
            "Failures": point.failures,
            **{wording.start(wording.MODES[one]): range_words(point.shares[one]) for one in shown},
        }
        for point in trend.points
    ]


def _first(pair: tuple[float, TrendPoint]) -> float:
    return pair[0]


def _time(trend: Trend) -> alt.X:
    shape = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y", "year": "%Y"}[trend.unit]
    axis = alt.Axis(
        title=None,
        format=shape,
        labelColor=TEXT,
        grid=False,
        tickCount=min(6, len(trend.points)),
        labelOverlap=True,
    )
    return alt.X("start:T", axis=axis, scale=alt.Scale(type="utc"))


def _level(field: str, title: str, rows: Sequence[Row]) -> alt.Y:
    top = min(1.0, max(row["high"] for row in rows) * 1.1)
    axis = alt.Axis(
        title=title,
        titleColor=TEXT,
        labelColor=TEXT,
        labelExpr="format(datum.value * 100, '.0f') + ' %'",
        tickCount=5,
        gridOpacity=0.3,
        domain=False,
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("share:N", title="Share"),
        alt.Tooltip("range:N", title="95 % range"),
        alt.Tooltip("count:N", title="Failures"),
    ]
