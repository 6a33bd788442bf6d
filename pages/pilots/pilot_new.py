"""A new pilot: what is tried, on which cases, and what counts as better, fixed before it runs."""

from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.frozen_pilot import Frozen
from advisor.errors import AdvisorError, InputError
from advisor.pilot.data import freeze, parse_spec
from advisor.pilot.draft_spec import sample_draft, spec_draft
from advisor.store import Stored
from advisor.ui.pilots.spec_form import SAMPLE, ask_data, ask_limits, ask_task, written
from advisor.ui.pilots.start_view import show_plan
from advisor.ui.screens import go_to
from advisor.ui.session import store
from advisor.ui.widgets import show_errors


def proposal() -> Stored | None:
    """Return the proposal that the pilot is for, if the link names one."""
    name = st.query_params.get("p")
    try:
        return store().get(name) if name else None
    except AdvisorError:
        return None


def frozen(given: dict[str, Any], data: dict[str, Any]) -> Frozen | None:
    """Check everything; say at once all that is wrong."""
    try:
        return freeze(parse_spec(given), **data)
    except InputError as error:
        show_errors(error)
    return None


go_to("pilots", "All pilots", ":material/arrow_back:")
st.title("New pilot")
about = proposal()
begun = sample_draft() if SAMPLE in st.query_params else spec_draft(about.draft if about else None)
if about:
    st.markdown(f"For the proposal **{plain(about.draft.title)}**.")
given = ask_task(begun) | {"proposal": about.id if about else None}
data = ask_data(begun)
nobody = "What the advisor recommends there" if about else "None"
given |= ask_limits(given["task"], nobody)
form = written(given, data)
if st.button("Check, and show what it takes", key="check", disabled=not data["cases"]):
    st.session_state["plan"] = form, frozen(given, data)
checked, plan = st.session_state.get("plan", ("", None))
if plan and checked == form:
    show_plan(plan)
elif plan:
    st.info("The form has changed since it was checked. Check it again.")
