"""From the recommendation to finding out: what pilots said, and the ways to try."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.comparison import VerdictOutcome
from advisor.pilot.comparing.comparison_words import VERDICT_WORDS
from advisor.store import Stored
from advisor.ui.navigation import link
from advisor.ui.screens import go_to
from advisor.ui.session import local_time, store
from advisor.vocabulary import Remedy


def trying(stored: Stored) -> None:
    """Show what pilots of this proposal said, and offer a probe and a pilot."""
    noted = store().pilots.verdicts(stored.id)
    with st.container(border=True):
        for verdict in noted[:1]:
            said = VERDICT_WORDS[VerdictOutcome(verdict.outcome)].lower()
            st.markdown(
                f":material/experiment: **A pilot says: {said}.** "
                f"{plain(verdict.because)} ({local_time(verdict.at)})"
            )
            go_to("pilot", "See the pilot", pilot=verdict.pilot)
        if not noted:
            st.markdown("**Find out by trying**, before anyone pays for a project.")
        with st.container(horizontal=True):
            link(stored, "probe", "Probe (minutes)", ":material/science:")
            link(stored, "pilot_new", "Pilot (with 60 examples)", ":material/experiment:")
            if Remedy.FINE_TUNING in (stored.draft.requested or ""):
                link(stored, "review_form", "Submit for review", ":material/fact_check:")
