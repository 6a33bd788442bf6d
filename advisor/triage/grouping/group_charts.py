"""The picture of the groups: every failure as a point, near to those that fail alike."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from advisor.presentation.chart_data import Row
from advisor.presentation.chart_parts import chart_of, colour
from advisor.presentation.palette import COLOURS, TEXT
from advisor.presentation.wording import CAUSES, MODES, counted, listing, percent
from advisor.proposal import Failure
from advisor.triage.grouping.groups import AlikeGroup, Grouping, MapPoint
from advisor.vocabulary import CAUSE_OF, Cause

SHAPES: dict[Cause, tuple[str, str]] = {
    Cause.BEHAVIOUR: ("circle", "●"),
    Cause.KNOWLEDGE: ("square", "■"),
    Cause.SPECIFICATION: ("triangle-up", "▲"),
    Cause.CAPABILITY: ("diamond", "◆"),
    Cause.OPERATIONS: ("cross", "✚"),
}
"""The shape of each cause, and a letter that looks like it: colours never stand alone."""
EDGE = 1.3
"""How far the map goes in each direction; always the same, so no point ever moves."""
EXCERPT = 140
TOLD = 3
"""Groups that the words beside the picture name."""
_HEIGHT = 440
_PALE = 0.15


def spread(
    grouping: Grouping, failures: Mapping[str, Failure], shown: str | None = None
) -> alt.LayerChart:
    """Draw every failure; a click picks one, and with the shift key one more.

    Args:
        grouping: the groups and points.
        failures: the failures by id.
        shown: id of the group that stands out, if any.
    """
    rows = point_rows(grouping, failures, shown)
    across, up = _axis("x"), _axis("y")
    dots = (
        chart_of(rows)
        .mark_point(filled=True, size=90 if len(rows) <= 500 else 36)
        .encode(
            x=across,
            y=up,
            color=colour(),
            shape=alt.Shape("shape:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in _TOLD.items()],
        )
        .add_params(alt.selection_point(name="click", fields=["id"]))
    )
    numbers = (
        chart_of(number_rows(grouping))
        .mark_text(fontSize=18, fontWeight="bold", color=TEXT, dy=-14)
        .encode(x=across, y=up, text="number:N")
    )
    return alt.LayerChart(layer=[dots, numbers], height=_HEIGHT)


_TOLD = {"text": "Text", "mode": "Reads as", "group": "Group"}


def point_rows(grouping: Grouping, failures: Mapping[str, Failure], shown: str | None) -> list[Row]:
    """Return one row a failure."""
    named = {group.id: f"{place}. {group.name}" for place, group in enumerate(grouping.groups, 1)}
    return [
        {
            "id": point.id,
            "x": point.x,
            "y": point.y,
            "colour": COLOURS[CAUSE_OF[point.mode]],
            "shape": SHAPES[CAUSE_OF[point.mode]][0],
            "opacity": 0.85 if shown in {None, point.group} else _PALE,
            "text": excerpt(failures[point.id]),
            "mode": MODES[point.mode],
            "group": textwrap.shorten(named[point.group], 80, placeholder=" …"),
        }
        for point in grouping.points
    ]


def number_rows(grouping: Grouping) -> list[Row]:
    """Return the number of each group and where to write it: over its middle failure."""
    at = {point.id: point for point in grouping.points}
    return [
        {"number": str(place), "x": at[group.example].x, "y": at[group.example].y}
        for place, group in enumerate(grouping.groups, start=1)
    ]


def excerpt(failure: Failure, length: int = EXCERPT) -> str:
    """Return the text that says most about a failure, on one line and shortened."""
    text = failure.note or failure.output or failure.expected or ""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else f"{line[: length - 2].rstrip()} …"


def legend(points: Sequence[MapPoint]) -> str:
    """Return what the shapes mean: `● behaviour · ■ knowledge`."""
    present = {CAUSE_OF[point.mode] for point in points}
    return " · ".join(f"{SHAPES[cause][1]} {CAUSES[cause]}" for cause in Cause if cause in present)


def in_words(grouping: Grouping) -> str:
    """Return what the map shows, for people who do not see it."""
    parts = [
        f"{group.name} ({len(group.ids):,}, {percent(group.share)})"
        for group in grouping.groups[:TOLD]
    ]
    all_ = counted(len(grouping.points), "failure")
    return (
        f"Map of {all_} in {counted(len(grouping.groups), 'group')}; near means failing alike. "
        f"The largest: {listing(parts)}. The list beside it chooses a group without a mouse."
    )


def picked(selection: Mapping[str, Any], points: Sequence[MapPoint]) -> list[str]:
    """Return the ids of the points that were clicked and are still there."""
    clicked = {str(item.get("id")) for item in selection.get("click") or []}
    return [point.id for point in points if point.id in clicked]


def mix_bar(group: AlikeGroup) -> str:
    """Return the mode mix of a group as a small bar in HTML; nothing of the user is in it."""
    total = sum(group.modes.values())
    parts = "".join(
        f'<div title="{MODES[mode]}: {count:,}" style="flex:{count};'
        f'background:{COLOURS[CAUSE_OF[mode]]}"></div>'
        for mode, count in group.modes.items()
    )
    words = listing(f"{count:,} {MODES[mode]}" for mode, count in group.modes.items())
    return (
        f'<div role="img" aria-label="{total:,} failures: {words}" '
        f'style="display:flex;gap:2px;height:12px;border-radius:3px;overflow:hidden">{parts}</div>'
    )


def _axis(field: str) -> Any:
    kind = alt.X if field == "x" else alt.Y
    return kind(f"{field}:Q", axis=None, scale=alt.Scale(domain=[-EDGE, EDGE], nice=False))
