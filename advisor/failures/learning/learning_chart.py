"""Before and after learning, as a picture and as rows of a table."""

from __future__ import annotations

import altair as alt

from advisor.failures.learning.learn import LearningFigures, ReadingScore
from advisor.presentation.chart_data import Row
from advisor.presentation.chart_parts import DOWN, chart_of, layers, order_of, row_axis, share_axis
from advisor.presentation.palette import COLOURS, MUTED, TEXT
from advisor.presentation.wording import listing, percent
from advisor.vocabulary import Cause

_AXIS = 48


def rows(figures: LearningFigures) -> list[Row]:
    """Return what is shown: shares read right, before and after."""
    kept = f"{figures.guard:,} examples that ship with the advisor"
    said = f"{figures.corrections:,} corrections"
    given = (
        (f"{said}: what went wrong", "modes", figures.before, figures.after),
        (f"{said}: its cause", "causes", figures.before, figures.after),
        (f"{kept}: what went wrong", "modes", figures.guard_before, figures.guard_after),
        (f"{kept}: its cause", "causes", figures.guard_before, figures.guard_after),
    )
    return [_row(name, getattr(old, part), getattr(new, part)) for name, part, old, new in given]


def _row(name: str, before: float, after: float) -> Row:
    label = f"{percent(before)} before, {percent(after)} after"
    end = max(before, after)
    return {"row": name, "before": before, "after": after, "end": end, "label": label}


def table(figures: LearningFigures) -> list[dict[str, str]]:
    """Return the same figures and the log loss for a table."""
    shares = [
        {"Read right": row["row"], "Before": percent(row["before"]), "After": percent(row["after"])}
        for row in rows(figures)
    ]
    losses = (
        ("Log loss, corrections (lower is better)", figures.before, figures.after),
        ("Log loss, examples (lower is better)", figures.guard_before, figures.guard_after),
    )
    return shares + [_loss(name, *scores) for name, *scores in losses]


def _loss(name: str, before: ReadingScore, after: ReadingScore) -> dict[str, str]:
    return {
        "Read right": name,
        "Before": f"{before.log_loss:.2f}",
        "After": f"{after.log_loss:.2f}",
    }


def before_after(figures: LearningFigures) -> alt.LayerChart:
    """Draw a grey ring where each share was, and a blue dot where it is now."""
    shown = rows(figures)
    order = order_of(shown)
    chart, y = chart_of(shown), row_axis(order)
    x = share_axis("before", "Share read right", room=0.75)
    lines = chart.mark_rule(strokeWidth=3, color=MUTED, opacity=0.65, yOffset=DOWN)
    rings = chart.mark_point(size=90, strokeWidth=2, color=MUTED, yOffset=DOWN)
    dots = chart.mark_point(
        filled=True, opacity=1, size=110, color=COLOURS[Cause.BEHAVIOUR], yOffset=DOWN
    )
    words = chart.mark_text(align="left", dx=12, dy=DOWN, color=TEXT)
    return layers(
        order,
        lines.encode(x=x, x2="after:Q", y=y),
        rings.encode(x=x, y=y),
        dots.encode(x="after:Q", y=y),
        words.encode(x="end:Q", y=y, text="label:N"),
        below=_AXIS,
    )


def alt_text(figures: LearningFigures) -> str:
    """Return the picture in words."""
    parts = (f"{row['row']}: {row['label']}" for row in rows(figures))
    return f"Share read right. {listing(parts)}."
