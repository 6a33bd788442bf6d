"""What a comparison says: the verdict first, then scores and pairs, drawn and in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents.file_names import FORMATS, file_name
from advisor.documents.record import Record
from advisor.documents.render import html_of, markdown_of, pdf_of
from advisor.domain.comparison import Comparison, VerdictOutcome
from advisor.pilot.comparing.comparison_words import SHARES, contrast_words, verdict_title
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.pilot.reporting import pilot_charts
from advisor.presentation.arm_titles import arm_words
from advisor.presentation.charts import spec
from advisor.presentation.wording import counted
from advisor.ui.widgets import bullets

NO_BREAK = "\u00a0%"
ICONS = {
    VerdictOutcome.CONFIRMED: ":material/check_circle:",
    VerdictOutcome.CONTRADICTED: ":material/cancel:",
    VerdictOutcome.INCONCLUSIVE: ":material/help:",
}


def answer_first(comparison: Comparison, words: ScoreWords = SHARES) -> None:
    """Show the verdict, and what to do now."""
    verdict = comparison.verdict
    st.header(f"{ICONS[verdict.outcome]} {verdict_title(verdict)}")
    st.markdown(plain(verdict.because).replace(" %", NO_BREAK))
    st.markdown(f":material/arrow_forward: **Next:** {plain(verdict.next)}")
    if verdict.best and verdict.best.expected < verdict.best.score - 0.005:
        best, hoped = verdict.best, words.score(verdict.best.expected)
        st.markdown(
            f"The best of several is partly lucky: expect about {hoped} of "
            f"{plain(arm_words(best.arm))} on new cases, not {words.score(best.score)}."
        )


def pairs(comparison: Comparison, words: ScoreWords = SHARES) -> None:
    """Draw scores and differences, and list what is not settled."""
    st.subheader("How well each did")
    figure(pilot_charts.scores(comparison, words), pilot_charts.scores_alt(comparison, words))
    st.markdown("Dot: score. Line: range that holds in 95 of 100 repetitions with other cases.")
    if not comparison.comparisons:
        return
    st.subheader("Pair by pair, on the same cases")
    figure(
        pilot_charts.differences(comparison, words), pilot_charts.differences_alt(comparison, words)
    )
    st.markdown(
        "Grey band: differences too small to matter. The first pair was planned; the others are "
        "corrected for being several."
    )
    lines = [
        f"{plain(contrast_words(one, words))}. "
        f"About {counted(one.cases_needed, 'case')} in all would settle it."
        for one in comparison.comparisons
        if one.cases_needed
    ]
    if lines:
        st.markdown("**Not settled yet:**")
        bullets(lines)
    if comparison.verdict.notes:
        st.markdown("**To bear in mind:**")
        bullets(plain(note) for note in comparison.verdict.notes)


def figure(chart: Any, alt: str) -> None:
    """Draw a chart with the words that say the same."""
    st.vega_lite_chart(spec(chart), theme=None, width="stretch", alt=alt)


def downloads(record: Record, at: datetime, title: str) -> None:
    """Offer the report in each format; it is made when it is asked for."""
    makers = {
        "pdf": lambda: pdf_of(record, at),
        "html": lambda: html_of(record).encode(),
        "md": lambda: markdown_of(record).encode(),
    }
    with st.container(horizontal=True):
        for ending, make in makers.items():
            name, media = FORMATS[ending]
            st.download_button(
                f"Report as {name}",
                make,
                file_name("pilot", title, ending),
                media,
                key=f"report-{ending}",
                on_click="ignore",
            )


def table(rows: Sequence[dict[str, str]]) -> None:
    """Show rows as a table of texts."""
    st.table([{name: plain(value) for name, value in row.items()} for row in rows])
