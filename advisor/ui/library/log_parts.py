"""Parts of one log: groups, how the mix moved, clear examples, where the figures come from."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.documents.record import shorten
from advisor.logs.summary import summary_charts
from advisor.logs.summary import summary_words as words
from advisor.logs.summary.summary_record import LogExample, LogGroup, LogSummary, Trend
from advisor.presentation.chart_parts import spec
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import MODES, REMEDIES, counted, listing, percent, start
from advisor.ui.session import local_time
from advisor.ui.widgets import bullets, figure
from advisor.vocabulary import Mode

EXCERPT = 600
LINES = 5
"""Modes that can be looked at over time."""


def groups(summary: LogSummary) -> None:
    """Show what failures have in common, largest group first."""
    if not summary.groups:
        st.info("There are too few failures to group.")
        return
    st.markdown(
        f"Failures that are alike, found in a sample of {len(summary.sample):,}. Each counts for "
        "the one group it is most like, so these shares differ from those above, most where a "
        "reading is unsure."
    )
    sample = {item.failure.id: item for item in summary.sample}
    for group in sorted(summary.groups, key=lambda group: -group.share.mid):
        with st.expander(plain(group_line(group))):
            st.markdown(f"{plain(group.common)} {plain(group.why)}")
            st.markdown(f"How they read: {plain(mode_counts(group))}.")
            show_example(sample[group.example], "the most typical one")


def group_line(group: LogGroup) -> str:
    """Return a group as one line."""
    size = f"{summary_charts.range_words(group.share)} of the failures"
    return f"{group.name}: {size}; best met by {REMEDIES[group.remedy]}"


def mode_counts(group: LogGroup) -> str:
    """Return how the failures of a group read: `12 invented facts and 2 wrong style`."""
    ranked = sorted(group.modes.items(), key=lambda pair: (-pair[1], pair[0]))
    return listing(f"{count:,} {MODES[mode]}" for mode, count in ranked if count)


def over_time(summary: LogSummary) -> None:
    """Show how the mix moved."""
    trend = summary.trend
    if trend is None:
        said = "carries a date" if summary.undated < summary.failures else "carries no date"
        st.info(f"No picture over time: the log {said} at only one time or not at all.")
        return
    st.markdown(plain(words.trend_words(trend)))
    modes = shown_modes(summary, trend)
    chosen = st.pills(
        "Kind of failure",
        modes,
        default=modes[0],
        format_func=lambda mode: start(MODES[mode]),
        key=f"trend-{summary.id}",
    )
    mode = chosen or modes[0]
    chart = spec(summary_charts.over_time(trend, mode))
    figure(chart, summary_charts.over_time_alt(trend, mode))
    st.markdown(
        "Dates are in UTC. The pale band is the 95 % range due to chance; a classifier that is off "
        "in the same way at every time is not in it. A dashed line, where there is one, shows "
        "since when this kind differs by more than chance."
    )
    if summary.undated:
        st.markdown(f"{counted(summary.undated, 'failure')} without a date are left out here.")
    with st.expander("The same as a table"):
        st.dataframe(
            summary_charts.trend_table(trend, modes),
            hide_index=True,
            alt="The share of the largest kinds of failure over time",
        )


def shown_modes(summary: LogSummary, trend: Trend) -> list[Mode]:
    """Return the modes to look at: what changed most, then the largest."""
    changed = [trend.change.mode] if trend.change and trend.change.real else []
    ranked = [share.mode for share in words.largest(summary)]
    return list(dict.fromkeys([*changed, *ranked]))[:LINES]


def clearest(summary: LogSummary) -> None:
    """Show the clearest examples of each mode, the largest mode first."""
    if not summary.clearest:
        st.info("No failure is clear enough to stand for its kind.")
    for largest in words.largest(summary):
        mode = largest.mode
        examples = [item for item in summary.clearest if item.reading.mode == mode]
        if examples:
            with st.expander(plain(f"{start(MODES[mode])}: {percent(largest.share.mid)}")):
                for item in examples:
                    show_example(item, f"{percent(item.reading.probabilities[mode])} sure")


def show_example(item: LogExample, note: str) -> None:
    """Draw one failure, nothing in its texts interpreted."""
    id = plain((item.failure.id or "")[:200])
    place = "" if id.startswith("row ") else f" (row {item.row:,})"
    lines = [f"**{id}**{place}, {plain(note)}. {plain(item.reading.why)}"]
    for name, label in TEXTS.items():
        if text := getattr(item.failure, name):
            lines.append(f"{label}:  \n{verbatim(shorten(text, EXCERPT))}")
    st.markdown("\n\n".join(lines))


def about(summary: LogSummary) -> None:
    """Show where the figures come from."""
    of = summary.about
    facts = (
        f"{counted(of.rows, 'row')} in the log; {of.rejected:,} could not be read. The command "
        "wrote them to a file of their own, each with its reason.",
        f"{counted(summary.failures, 'failure')} read, {summary.abstained:,} of unsure cause.",
        f"Classified from {local_time(of.started)} to {local_time(of.finished)}.",
        f"Classifier: {of.classifier}",
        f"A random sample of {len(summary.sample):,} failures is kept here with its texts; long "
        "texts are cut in the middle.",
        "A range holds what is due to chance (which failures happened, how each was read, days "
        "that differ) and a classifier that may be off by as much as its tests allow.",
    )
    bullets(map(plain, facts))
