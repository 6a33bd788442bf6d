"""Results brought along: the same comparisons and the same verdict, without running anything."""

from datetime import UTC, datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.pilot_spec import ENOUGH
from advisor.errors import AdvisorError
from advisor.pilot.comparing import compare
from advisor.pilot.comparing.reading import Joined, ScoreFile, read_scores
from advisor.pilot.comparing.statistics.score_words import ScoreWords
from advisor.pilot.reporting.report import ReportSubject, build
from advisor.presentation.wording import counted
from advisor.ui.pilots import verdict_view
from advisor.ui.screens import go_to

NOBODY = "None was recommended"
FORM = """
One row a case: a column `case`, perhaps a column `group` (one customer, one document), and one
column for each way of solving it, with 0 or 1, or a score from 0 to 1. Leave a cell empty where a
way did not run a case. Results of promptfoo, lm-evaluation-harness and Inspect are read too.
"""


def brought() -> Joined | None:
    """Return the results in the uploaded files."""
    uploads = st.file_uploader("Results", accept_multiple_files=True, key="results", help=FORM)
    if not uploads:
        st.markdown(FORM)
        return None
    try:
        return read_scores([ScoreFile(file.name, file.getvalue()) for file in uploads])
    except AdvisorError as error:
        for line in str(error).splitlines():
            st.error(plain(line))
    return None


def show(joined: Joined) -> None:
    """Ask what was recommended and what margin matters, then compare."""
    table, words = joined.table, ScoreWords(joined.table.scale)
    for note in joined.notes:
        st.info(plain(note))
    left, right = st.columns(2)
    with left:
        choices = [NOBODY, *table.arms]
        named = st.selectbox("Which was recommended?", choices, key="recommended")
    with right:
        share = st.slider(
            "Differences smaller than this share of the scale do not matter (%)",
            1, 20, 5 if len(table.cases) >= ENOUGH else 10, key="margin",
        )  # fmt: skip
    comparison = compare(
        table,
        margin=share / 100 * table.scale.width,
        recommended=None if named == NOBODY else named,
    )
    st.markdown(f"{counted(len(table.cases), 'case')}, {counted(len(table.arms), 'way')}.")
    verdict_view.answer_first(comparison, words)
    at = datetime.now(UTC)
    title = "Results compared"
    verdict_view.downloads(build(ReportSubject(title, comparison, words=words), at), at, title)
    verdict_view.pairs(comparison, words)


go_to("pilots", "All pilots", ":material/arrow_back:")
st.title("Compare results you have")
if given := brought():
    show(given)
