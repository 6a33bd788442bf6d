"""What a new pilot will do and take, and its start."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.frozen_pilot import Frozen
from advisor.errors import AdvisorError
from advisor.pilot.data.spec_file import spec_yaml
from advisor.pilot.running.queue.actions import queue
from advisor.pilot.running.queue.estimating import Estimate, estimate
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.file_names import file_name
from advisor.presentation.wording import counted, roughly, start
from advisor.review.decisions.gate import check_start
from advisor.ui.screens import page
from advisor.ui.session import author, store
from advisor.ui.widgets import bullets, download


def show_plan(pilot: Frozen) -> None:
    """Show what will be done and what it takes, then offer to start."""
    guess = timed(pilot)
    if guess.hopeless:
        st.error(plain(f"Nothing can be tried. {start(guess.hopeless)}"))
        return
    st.header(f"It takes {roughly(guess.seconds)} on this machine")
    train, test = len(pilot.data.train), len(pilot.data.test)
    st.markdown(
        f"{counted(train, 'example')} to learn from, {counted(test, 'case')} kept for the test. "
        f"Differences under {100 * pilot.margin:.0f} points will not matter. "
        "With the start all of this is fixed."
    )
    bullets(
        f"{plain(arm_title(timing.step.arm))}"
        + (f" with {timing.step.share:.0%} of the examples" if timing.step.share < 1 else "")
        + (f" cannot run. {plain(timing.why)}" if timing.why else f": {roughly(timing.seconds)}")
        for timing in guess.steps
    )
    if not guess.fits(pilot):
        st.warning("That is more than the minutes allowed; what does not fit is left out.")
    for finding in pilot.findings:
        st.warning(plain(finding.what))
    left, right = st.columns(2)
    with left:
        if st.button("Start the pilot", type="primary", key="start"):
            key = st.session_state.setdefault("pilot_key", secrets.token_hex(8))
            begin(pilot, key, guess)
    with right:
        file = file_name("pilot", pilot.spec.title, "yaml")
        download("The specification as YAML", spec_yaml(pilot.spec), file)


def begin(pilot: Frozen, key: str, guess: Estimate) -> None:
    """Queue the pilot once, however often the button is pressed, and open it."""
    try:
        id = queue(store(), pilot, author(), key, check_start, guess)
    except AdvisorError as error:
        st.error(plain(str(error)))
        return
    for name in ("pilot_key", "plan", "guess"):
        st.session_state.pop(name, None)
    st.switch_page(page("pilot"), query_params={"pilot": id})


def _tell(bar: Any, done: int, total: int) -> None:
    """Draw how many ways are timed."""
    bar.progress(done / max(1, total), f"Timing each way on a few cases: {done} of {total} done")


def timed(pilot: Frozen) -> Estimate:
    """Return what a pilot will take; it is worked out once, not with every click."""
    known = st.session_state.get("guess")
    if known is None or known[0] != pilot.hash:
        bar = st.progress(0.0, "Timing each way on a few cases …")
        tell = partial(_tell, bar)
        known = st.session_state["guess"] = (pilot.hash, estimate(pilot, tell))
        bar.empty()
    guess: Estimate = known[1]
    return guess
