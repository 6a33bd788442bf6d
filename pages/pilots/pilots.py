"""The pilots: what runs, what waits, what came out; a new one, or results to compare."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.comparison import VerdictOutcome
from advisor.domain.pilot_state import PilotInfo
from advisor.pilot.comparing.comparison_words import STATE_WORDS, VERDICT_WORDS
from advisor.pilot.running.queue.actions import watch
from advisor.ui.screens import go_to
from advisor.ui.session import local_time, store
from advisor.ui.widgets import show_problems, some_of

ROWS = 20


def ways() -> None:
    """Link what can be done here."""
    with st.container(horizontal=True):
        go_to("pilot_new", "**New pilot**", ":material/add:")
        go_to("compare", "Compare results you have", ":material/compare_arrows:")


def empty() -> None:
    """Say what a pilot is and what it needs."""
    st.info(
        "No pilot yet. Bring about 60 examples with the answers that are wanted; a pilot tries "
        "prompting, retrieval, a plain classifier and a small fine-tune on the same held-out "
        "cases, and says which is worth it."
    )
    go_to("pilot_new", "See it on an example", ":material/play_arrow:", sample="1")


def row(info: PilotInfo) -> None:
    """Draw one pilot of the list."""
    with st.container(border=True):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            go_to("pilot", f"**{plain(info.title)}**", pilot=info.id)
            st.markdown(f"{STATE_WORDS[info.state]}, started {local_time(info.created_at)}")
        with right:
            if info.outcome:
                st.markdown(f"**{VERDICT_WORDS[VerdictOutcome(info.outcome)]}**")
            elif info.over:
                st.markdown(plain(info.why))
            else:
                seen = watch(store(), info.id)
                st.progress(min(1.0, seen.share_done), plain(seen.why or STATE_WORDS[seen.state]))


st.title("Pilots")
st.markdown("Find out by trying, on your own cases, before anyone pays for a project.")
show_problems()
ways()
pilots = store().pilots.all(limit=500)
if not pilots:
    empty()
for info in some_of(pilots, ROWS, "pilots_page"):
    row(info)
