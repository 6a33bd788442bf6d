"""Show what goes wrong: type, paste or upload failures, and correct how they are read."""

import streamlit as st

from advisor.intake.failure_edits import FailureEdits
from advisor.presentation.wording import counted
from advisor.store import Stored
from advisor.ui.navigation import link, steps
from advisor.ui.proposal import adding
from advisor.ui.proposal.failure_list import remove, show_failures, show_removed
from advisor.ui.screens import go_to
from advisor.ui.session import author, current, store
from advisor.ui.widgets import press


def show_ways_on(stored: Stored) -> None:
    """Link what else can be done with the failures."""
    with st.container(horizontal=True):
        link(stored, "groups", "Groups and map", ":material/workspaces:")
        link(stored, "probe", "Probe: ask them again", ":material/science:")
        link(stored, "judge", "Second opinion", ":material/gavel:")
        if stored.draft.corrections:
            go_to("learning", "The advisor can learn from your corrections", ":material/school:")


stored = current()
steps(stored, "failures")
edits = FailureEdits(store(), stored.id, author())
adding.ways(edits)
st.header(counted(len(stored.draft.failures), "failure"))
if message := st.session_state.pop("added", ""):
    st.success(message)
show_removed(stored, edits)
if stored.draft.failures:
    st.markdown(
        "How the advisor reads each one. Where it is wrong, say what it is; your word counts."
    )
    show_ways_on(stored)
    show_failures(stored, edits)
    press("Remove all failures", remove, stored, edits, None, key="remove-all")
else:
    st.info("None yet. Five to twenty real ones make the answer much surer.")
link(stored, "questions", "**Next: a few questions**", ":material/arrow_forward:")
