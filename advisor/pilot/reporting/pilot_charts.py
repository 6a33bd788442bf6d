"""Pictures of a pilot, for the screen and for reports alike; each with the words that say the same.

Colours are those of the remedies; text takes the colour of the page around it.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from advisor.domain.comparison import Comparison
from advisor.domain.pilot_result import ArmCost, ArmRun, CurvePoint
from advisor.pilot.comparing.comparison_words import SHARES, contrast_words
from advisor.pilot.comparing.statistics.score_table import ScoreScale
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.presentation.arm_titles import arm_colour, arm_title, arm_words
from advisor.presentation.chart_data import Row
from advisor.presentation.chart_parts import (
    DOWN,
    chart_of,
    colour,
    layers,
    order_of,
    row_axis,
    share_axis,
)
from advisor.presentation.palette import COLOURS, MUTED, TEXT
from advisor.presentation.wording import listing, percent, price, start
from advisor.vocabulary import Cause

_AXIS = 48
_WIDTH, _HEIGHT = 660, 260
_BLUE = COLOURS[Cause.BEHAVIOUR]


def scores(comparison: Comparison, words: ScoreWords = SHARES) -> alt.LayerChart:
    """Draw the score of each arm with its interval."""
    rows = [
        {
            "row": arm_title(arm.name),
            "mid": arm.score,
            "low": arm.low,
            "high": arm.high,
            "colour": arm_colour(arm.name),
            "label": f"{words.score(arm.score)} "
            f"({words.score(arm.low or 0)} to {words.score(arm.high or 0)})",
        }
        for arm in comparison.arms
        if arm.score is not None
    ]
    return _ranges(rows, _score_axis(words.scale))


def differences(comparison: Comparison, words: ScoreWords = SHARES) -> alt.LayerChart:
    """Draw each difference with its interval; the grey band is the margin that matters."""
    rows: list[Row] = [
        {
            "row": start(f"{arm_words(contrast.b)} against {arm_words(contrast.a)}"),
            "mid": contrast.difference,
            "low": contrast.low,
            "high": contrast.high,
            "colour": arm_colour(contrast.b),
            "label": contrast_words(contrast, words).split(": ", 1)[1],
        }
        for contrast in comparison.comparisons
    ]
    margin = comparison.verdict.margin
    reach = max([margin, *(abs(edge) for row in rows for edge in (row["low"], row["high"]))])
    x = _difference_axis("low", reach, words)
    band = (
        alt
        .Chart({"values": [{"from": -margin, "to": margin}]})
        .mark_rect(color=MUTED, opacity=0.18)
        .encode(x=_difference_axis("from", reach, words), x2="to:Q")
    )
    zero = (
        alt
        .Chart({"values": [{"zero": 0}]})
        .mark_rule(color=MUTED)
        .encode(x=_difference_axis("zero", reach, words))
    )
    return _ranges(rows, x, band, zero)


def curve(points: Sequence[CurvePoint]) -> alt.LayerChart:
    """Draw the score of fine-tuning by training examples; the projected part is dashed."""
    measured = [point for point in points if not point.projected]
    rows = [
        {"x": point.examples, "mid": point.score, "low": point.low, "high": point.high,
         "kind": "projected" if point.projected else "measured"}
        for point in points
    ]  # fmt: skip
    ahead = [row for row in rows if row["kind"] == "projected"]
    joined = [row for row in rows if row["x"] == measured[-1].examples] + ahead if ahead else []
    x = alt.X("x:Q", title="Training examples", axis=_plain_axis())
    y = alt.Y("mid:Q", title="Score", axis=_plain_axis(".0%"), scale=alt.Scale(zero=True))
    line = alt.Chart({"values": rows[: len(measured)]}).mark_line(color=_BLUE, strokeWidth=3)
    dashed = alt.Chart({"values": joined}).mark_line(color=_BLUE, strokeWidth=2, strokeDash=[6, 5])
    spans = alt.Chart({"values": rows}).mark_rule(color=_BLUE, opacity=0.5, strokeWidth=2)
    dots = alt.Chart({"values": rows}).mark_point(filled=True, size=80, color=_BLUE, opacity=1)
    return _framed(
        line.encode(x=x, y=y),
        dashed.encode(x=x, y=y),
        spans.encode(x=x, y="low:Q", y2="high:Q"),
        dots.encode(x=x, y=y),
    )


def losses(run: ArmRun) -> alt.LayerChart:
    """Draw the training loss by step, and the loss on examples kept aside where it was taken."""
    rows = [{"x": loss.step, "y": loss.loss} for loss in run.losses]
    aside = [
        {"x": loss.step, "y": loss.held_out} for loss in run.losses if loss.held_out is not None
    ]
    x = alt.X("x:Q", title="Training step", axis=_plain_axis())
    y = alt.Y("y:Q", title="Loss", axis=_plain_axis())
    line = alt.Chart({"values": rows}).mark_line(color=_BLUE, opacity=0.7).encode(x=x, y=y)
    dots = (
        alt
        .Chart({"values": aside})
        .mark_point(filled=True, size=70, opacity=1, color=COLOURS[Cause.KNOWLEDGE])
        .encode(x=x, y=y)
    )
    return _framed(line, dots)


def cost_quality(comparison: Comparison, costs: Sequence[ArmCost]) -> alt.LayerChart:
    """Draw what 1,000 requests cost against the score, one mark for each arm."""
    score = {arm.name: arm.score for arm in comparison.arms}
    rows = [
        {"x": cost.per_thousand, "y": score.get(cost.arm), "colour": arm_colour(cost.arm),
         "name": arm_title(cost.arm)}
        for cost in costs
        if cost.per_thousand is not None and score.get(cost.arm) is not None
    ]  # fmt: skip
    x = alt.X("x:Q", title="Price of 1,000 requests", axis=_plain_axis())
    y = alt.Y("y:Q", title="Score", axis=_plain_axis(".0%"), scale=alt.Scale(domain=[0, 1.05]))
    chart = alt.Chart({"values": rows})
    marks = chart.mark_point(filled=True, size=110, opacity=1).encode(x=x, y=y, color=colour())
    names = chart.mark_text(align="left", dx=9, color=TEXT).encode(x=x, y=y, text="name:N")
    return _framed(marks, names)


def scores_alt(comparison: Comparison, words: ScoreWords = SHARES) -> str:
    """Return the scores in words."""
    known = [arm for arm in comparison.arms if arm.score is not None]
    parts = (f"{arm_words(one.name)} {words.score(one.score or 0)}" for one in known)
    return f"Scores on the same cases: {listing(parts)}."


def differences_alt(comparison: Comparison, words: ScoreWords = SHARES) -> str:
    """Return the differences in words."""
    return f"{'; '.join(contrast_words(contrast, words) for contrast in comparison.comparisons)}."


def curve_alt(points: Sequence[CurvePoint]) -> str:
    """Return the learning curve in words."""
    parts = (
        f"{percent(point.score)} with {point.examples:,} examples"
        + (
            f" (projected, {percent(point.low)} to {percent(point.high)})"
            if point.projected
            else ""
        )
        for point in points
    )
    return f"Fine-tuning reaches {listing(parts)}."


def losses_alt(run: ArmRun) -> str:
    """Return the loss in words."""
    first, last = run.losses[0], run.losses[-1]
    return f"The loss fell from {first.loss:.2f} to {last.loss:.2f} in {last.step:,} steps."


def cost_alt(comparison: Comparison, costs: Sequence[ArmCost]) -> str:
    """Return cost and quality in words."""
    score = {arm.name: arm.score for arm in comparison.arms}
    parts = (
        f"{arm_words(cost.arm)} {percent(score.get(cost.arm) or 0)} for {price(cost.per_thousand)}"
        for cost in costs
        if cost.per_thousand is not None
    )
    return f"Score, and price of 1,000 requests: {listing(parts)}."


def _ranges(rows: Sequence[Row], x: alt.X, *behind: alt.Chart) -> alt.LayerChart:
    """Draw a dot and a line for each row, with its words to the right of both."""
    order = order_of(rows)
    chart, y = chart_of(rows), row_axis(order)
    lines = chart.mark_rule(strokeWidth=3, strokeCap="round", opacity=0.65, yOffset=DOWN)
    dots = chart.mark_point(filled=True, opacity=1, size=110, yOffset=DOWN)
    words = chart.mark_text(align="left", dx=10, dy=DOWN, color=TEXT)
    return layers(
        order,
        *behind,
        lines.encode(x=x, x2="high:Q", y=y, color=colour()),
        dots.encode(x="mid:Q", y=y, color=colour()),
        words.encode(x="high:Q", y=y, text="label:N"),
        below=_AXIS,
    )


def _score_axis(scale: ScoreScale) -> alt.X:
    """Return an axis over the whole scale, with room to the right for words."""
    if scale.is_share:
        return share_axis("low", "Score on the held-out cases", room=0.45)
    domain = alt.Scale(domain=[scale.low, scale.high + 0.45 * scale.width], nice=False)
    axis = alt.Axis(
        title="Score on the held-out cases", titleAnchor="start", titleColor=TEXT,
        labelColor=TEXT, grid=False, domain=False,
        values=[scale.low, (scale.low + scale.high) / 2, scale.high],
    )  # fmt: skip
    return alt.X("low:Q", scale=domain, axis=axis)


def _difference_axis(field: str, reach: float, words: ScoreWords) -> alt.X:
    """Return an axis around zero, with room to the right for words."""
    width = words.scale.width
    step = width * (0.5 if reach > 0.4 * width else 0.1 if reach > 0.09 * width else 0.02)
    figure = "datum.value * 100, '.0f'" if words.scale.is_share else "datum.value, '.3~g'"
    axis = alt.Axis(
        title="Difference in points" if words.scale.is_share else "Difference",
        titleAnchor="start", titleColor=TEXT, labelColor=TEXT,
        labelExpr=f"(datum.value > 0 ? '+' : '') + format({figure})",
        values=[-step, 0, step], grid=False, domain=False,
    )  # fmt: skip
    scale = alt.Scale(domain=[-reach, reach * 2.6], nice=False)
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


def _plain_axis(form: str = "") -> alt.Axis:
    return alt.Axis(
        titleColor=TEXT, labelColor=TEXT, grid=False, titleAnchor="start",
        format=form or alt.Undefined,
    )  # fmt: skip


def _framed(*charts: alt.Chart) -> alt.LayerChart:
    return alt.LayerChart(layer=list(charts), width=_WIDTH, height=_HEIGHT)
