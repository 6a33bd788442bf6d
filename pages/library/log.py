"""One classified log: what goes wrong in it, why, and what to do about it."""

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.documents.file_names import file_name
from advisor.documents.record import shorten
from advisor.errors import InputError, NotFoundError
from advisor.importing import write_csv
from advisor.logs.summary import summary_charts
from advisor.logs.summary import summary_files as files
from advisor.logs.summary import summary_words as words
from advisor.logs.summary.offers import draft_of, figures_csv, proposal_key, proposed
from advisor.logs.summary.summary_record import LogExample, LogGroup, LogSummary, Trend
from advisor.presentation.charts import spec
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import MODES, REMEDIES, counted, listing, percent, start
from advisor.ui.screens import go_to, page
from advisor.ui.session import author, local_time, store
from advisor.ui.widgets import attempt, show_problems
from advisor.vocabulary import Mode

NO_BREAK = "\u00a0%"
EXCERPT = 600
LINES = 5
"""Modes that can be looked at over time."""


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
    st.vega_lite_chart(
        spec(summary_charts.mix(summary)),
        theme=None,
        width="stretch",
        alt=summary_charts.mix_alt(summary),
    )
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
    for group in sorted(summary.groups, key=lambda one: -one.share.mid):
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
    st.vega_lite_chart(
        spec(summary_charts.over_time(trend, mode)),
        theme=None,
        width="stretch",
        alt=summary_charts.over_time_alt(trend, mode),
    )
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
    ranked = [one.mode for one in words.largest(summary)]
    return list(dict.fromkeys([*changed, *ranked]))[:LINES]


def clearest(summary: LogSummary) -> None:
    """Show the clearest examples of each mode, the largest mode first."""
    if not summary.clearest:
        st.info("No failure is clear enough to stand for its kind.")
    for one in words.largest(summary):
        found = [item for item in summary.clearest if item.reading.mode == one.mode]
        if found:
            with st.expander(plain(f"{start(MODES[one.mode])}: {percent(one.share.mid)}")):
                for item in found:
                    show_example(item, f"{percent(item.reading.probabilities[one.mode])} sure")


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
    st.markdown("\n".join(f"- {plain(fact)}" for fact in facts))


def exports(summary: LogSummary) -> None:
    """Offer the summary and its tables as files."""
    st.subheader("Take it with you")
    name = summary.about.file
    offers = (
        ("Summary (JSON)", lambda: files.to_json(summary), "summary", "json", "application/json"),
        ("Figures (CSV)", lambda: figures_csv(summary), "figures", "csv", "text/csv"),
        (
            "Failures of the sample (CSV)",
            lambda: write_csv(item.failure for item in summary.sample),
            "sample",
            "csv",
            "text/csv",
        ),
    )
    with st.container(horizontal=True):
        for label, make, kind, ending, mime in offers:
            st.download_button(
                label,
                data=make,
                file_name=file_name(kind, name, ending),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
            )


summary = chosen_log()
st.title(plain(summary.about.file))
show_problems()
left, right = st.columns([3, 2], gap="large")
with left:
    answer_first(summary)
with right:
    picture(summary)
parts = {
    "Groups": groups,
    "Over time": over_time,
    "Clearest examples": clearest,
    "About this log": about,
}
for tab, show in zip(st.tabs(list(parts)), parts.values(), strict=True):
    with tab:
        show(summary)
exports(summary)
