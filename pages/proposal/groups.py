"""The groups: failures that fail alike, on a map and as cards, each with its remedy."""

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.chart_parts import spec
from advisor.presentation.wording import counted, percent
from advisor.proposal import Failure
from advisor.store import Stored
from advisor.triage.grouping.group_charts import in_words, legend, picked, spread
from advisor.triage.grouping.groups import Grouping
from advisor.ui.assessing import assessment_of, tools
from advisor.ui.navigation import link, steps
from advisor.ui.proposal.group_cards import Readings, cards, show_failure, show_said
from advisor.ui.proposal.grouping import grouped
from advisor.ui.session import current
from advisor.ui.widgets import figure, page_of, pager

ROWS = 10
MAPPED = 3
"""Failures from which a map says more than a list."""
FEW = "From three failures on, a map shows which of them fail alike."
ALL = "all"


def answer_first(grouping: Grouping) -> None:
    """Say how many groups there are and which is the largest."""
    largest, total = grouping.groups[0], len(grouping.points)
    if len(grouping.groups) == 1:
        st.header("One failure so far" if total == 1 else f"Your {total:,} failures fail alike")
        st.markdown(f"**{plain(largest.name)}.** {FEW if total < MAPPED else ''}")
        return
    st.header(f"Your {total:,} failures fall into {len(grouping.groups)} groups")
    share = f"{len(largest.ids):,} of {total:,}, {percent(largest.share)}"
    most = "Most are in" if largest.share > 0.5 else "The largest is"
    st.markdown(f"{most} **{plain(largest.name)}** ({share}).")


def draw_map(grouping: Grouping, failures: Mapping[str, Failure]) -> Sequence[str]:
    """Draw the map and the choice of a group; return the ids of the failures that are picked."""
    names = {group.id: f"{place}. {group.name}" for place, group in enumerate(grouping.groups, 1)}
    shown = st.selectbox(
        "Show the failures of a group",
        [ALL, *names],
        format_func=lambda id: names.get(id, "All groups"),
        key="group_shown",
    )
    members = [id for group in grouping.groups if group.id == shown for id in group.ids]
    if len(grouping.points) < MAPPED:
        return members
    chart = spec(spread(grouping, failures, None if shown == ALL else shown))
    event = figure(chart, in_words(grouping), on_select="rerun", key="group_map")
    st.markdown(
        f"{legend(grouping.points)}. Near means failing alike; the numbers are the groups below. "
        "Point at a failure to read it; click it, or several with the shift key, to list them."
    )
    return picked(event.selection, grouping.points) or members


def list_failures(ids: Sequence[str], readings: Readings) -> None:
    """List the failures that were picked, some at a time."""
    st.subheader(f"{counted(len(ids), 'failure')} picked")
    for id in page_of(ids, ROWS, "picked_page"):
        show_failure(*readings[id])
    pager(len(ids), ROWS, "picked_page")


def draw_groups(stored: Stored) -> None:
    """Draw the groups: the answer, the map, what is picked, the cards."""
    kit = tools()
    with st.spinner("Working out what fails alike …", show_time=True):
        result = assessment_of(stored)
        grouping = grouped(stored.draft, result, kit)
    failures = {failure.id or "": failure for failure in stored.draft.failures}
    readings = {reading.id: (failures[reading.id], reading) for reading in result.failures}
    answer_first(grouping)
    show_said(stored)
    if ids := draw_map(grouping, failures):
        list_failures(ids, readings)
    st.header("The groups, the largest first")
    cards(stored, grouping, readings)
    link(stored, "failures", "See and correct every failure", ":material/bug_report:")
    link(stored, "recommendation", "Back to the recommendation", ":material/balance:")


stored = current()
steps(stored, "groups")
if stored.draft.failures:
    draw_groups(stored)
else:
    st.info("No failures yet, so there is nothing to group. Five to twenty real ones are enough.")
    link(stored, "failures", "Add failures", ":material/bug_report:")
