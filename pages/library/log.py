"""One classified log: what goes wrong in it, why, and what to do about it."""

from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import InputError, NotFoundError
from advisor.importing import write_csv
from advisor.logs.summary import summary_charts
from advisor.logs.summary import summary_files as files
from advisor.logs.summary import summary_words as words
from advisor.logs.summary.offers import draft_of, figures_csv, proposal_key, proposed
from advisor.logs.summary.summary_record import LogSummary
from advisor.presentation.chart_parts import spec
from advisor.presentation.file_names import file_name
from advisor.presentation.wording import counted
from advisor.ui.library.log_parts import about, clearest, groups, over_time
from advisor.ui.screens import go_to, page
from advisor.ui.session import author, store
from advisor.ui.widgets import NO_BREAK, attempt, download, figure, show_problems, tabs


def chosen_log() -> LogSummary:
    """Return the summary named in the URL (`?log=`), or the last one seen; else go to the list.

    The back button leads here from a proposal, with the proposal's name in the URL.
    """
    name = st.query_params.get("log") or st.session_state.get("log_seen")
    if not name:
        st.switch_page(page("logs"))
    st.session_state["log_seen"] = name
    go_to("logs", "All logs", ":material/arrow_back:")
    try:
        return files.load_summary(name)
    except (NotFoundError, InputError) as error:
        st.error(plain(str(error)))
        st.stop()


def picture(summary: LogSummary) -> None:
    """Draw what goes wrong, with ranges."""
    st.subheader("What goes wrong")
    figure(spec(summary_charts.mix(summary)), summary_charts.mix_alt(summary))
    st.markdown("Bar: best estimate. Line: 95 % range. Kinds under 1 % are left out.")


def answer_first(summary: LogSummary) -> None:
    """Show what goes wrong mostly, why, what would help, and how sure that is."""
    st.header(plain(words.headline(summary)).replace(" %", NO_BREAK))
    if not summary.failures:
        return
    st.markdown(f":material/build: **What helps:** {plain(words.remedy_words(summary))}")
    st.markdown(f"**How sure:** {plain(words.sureness(summary))}")
    if summary.trend:
        st.markdown(f"**Over time:** {plain(words.trend_words(summary.trend))}")
    if rejected := words.rejected_words(summary):
        st.markdown(f":material/warning: {plain(rejected)}")
    count = len(proposed(summary))
    if st.button("Make a proposal of these failures", type="primary", key="propose"):
        propose(summary)
    st.markdown(
        f"It takes {counted(count, 'failure')} drawn at random. You then answer a few questions, "
        "and get a recommendation."
    )


def propose(summary: LogSummary) -> None:
    """Make one proposal of a summary, however often the button is pressed, and open it."""
    saved = attempt(store().create, draft_of(summary), author(), proposal_key(summary))
    if saved is None:
        st.rerun()
    st.switch_page(page("problem"), query_params={"p": saved.id})


def exports(summary: LogSummary) -> None:
    """Offer the summary and its tables as files."""
    st.subheader("Take it with you")
    name = summary.about.file
    offers = (
        ("Summary (JSON)", lambda: files.to_json(summary), file_name("summary", name, "json")),
        ("Figures (CSV)", lambda: figures_csv(summary), file_name("figures", name, "csv")),
        (
            "Failures of the sample (CSV)",
            lambda: write_csv(item.failure for item in summary.sample),
            file_name("sample", name, "csv"),
        ),
    )
    with st.container(horizontal=True):
        for label, make, file in offers:
            download(label, make, file, icon=":material/download:")


summary = chosen_log()
st.title(plain(summary.about.file))
show_problems()
left, right = st.columns([3, 2], gap="large")
with left:
    answer_first(summary)
with right:
    picture(summary)
tabs({
    "Groups": partial(groups, summary),
    "Over time": partial(over_time, summary),
    "Clearest examples": partial(clearest, summary),
    "About this log": partial(about, summary),
})
exports(summary)
