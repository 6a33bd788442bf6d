"""What a comparison says: the verdict first, then scores and pairs, drawn and in words."""

from datetime import datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents.record import Record
from advisor.documents.render import html_of, markdown_of, pdf_of
from advisor.domain.comparison import Comparison, VerdictOutcome
from advisor.domain.pilot_result import Finding
from advisor.pilot.comparing.comparison_words import SHARES, contrast_words, verdict_title
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.pilot.reporting import pilot_charts
from advisor.presentation.arm_titles import arm_words
from advisor.presentation.chart_parts import spec
from advisor.presentation.file_names import FORMATS, file_name
from advisor.presentation.wording import counted
from advisor.ui.widgets import NO_BREAK, bullets, download, figure

ICONS = {
    VerdictOutcome.CONFIRMED: ":material/check_circle:",
    VerdictOutcome.CONTRADICTED: ":material/cancel:",
    VerdictOutcome.INCONCLUSIVE: ":material/help:",
}
SEVERITY = {"blocks": ":material/block:", "warning": ":material/warning:", "note": ""}


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


def scores(comparison: Comparison, words: ScoreWords = SHARES) -> None:
    """Draw how well each way did, with its range."""
    figure(spec(pilot_charts.scores(comparison, words)), pilot_charts.scores_alt(comparison, words))
    st.markdown("Dot: score. Line: range that holds in 95 of 100 repetitions with other cases.")


def pairs(comparison: Comparison, words: ScoreWords = SHARES) -> None:
    """Draw scores and differences, and list what is not settled."""
    st.subheader("How well each did")
    scores(comparison, words)
    if not comparison.comparisons:
        return
    st.subheader("Pair by pair, on the same cases")
    chart = spec(pilot_charts.differences(comparison, words))
    figure(chart, pilot_charts.differences_alt(comparison, words))
    st.markdown(
        "Grey band: differences too small to matter. The first pair was planned; the others are "
        "corrected for being several."
    )
    lines = [
        f"{plain(contrast_words(pair, words))}. "
        f"About {counted(pair.cases_needed, 'case')} in all would settle it."
        for pair in comparison.comparisons
        if pair.cases_needed
    ]
    if lines:
        st.markdown("**Not settled yet:**")
        bullets(lines)
    if comparison.verdict.notes:
        st.markdown("**To bear in mind:**")
        bullets(plain(note) for note in comparison.verdict.notes)


def downloads(record: Record, at: datetime, title: str) -> None:
    """Offer the report in each format; it is made when it is asked for."""
    makers = {
        "pdf": lambda: pdf_of(record, at),
        "html": lambda: html_of(record).encode(),
        "md": lambda: markdown_of(record).encode(),
    }
    with st.container(horizontal=True):
        for ending, make in makers.items():
            file = file_name("pilot", title, ending)
            download(f"Report as {FORMATS[ending][0]}", make, file, key=f"report-{ending}")


def finding_words(finding: Finding) -> str:
    """Return what a check of honesty found, its weight as a sign before it."""
    return f"{SEVERITY[finding.severity]} {plain(finding.what)}".strip()
