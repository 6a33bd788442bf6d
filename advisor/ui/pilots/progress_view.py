"""A pilot that runs: how far the whole and each arm is, and what can be asked of it."""

from __future__ import annotations

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.pilot_state import Ask
from advisor.pilot.comparing.comparison_words import STATE_WORDS
from advisor.pilot.running.queue.actions import ask, watch
from advisor.pilot.running.queue.snapshot import CHECKING, ArmProgress, Snapshot
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.wording import counted, percent, roughly, start
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt, press

LATER = {"queued", "running"}


@st.fragment(run_every="1s")
def follow(id: str) -> None:
    """Show how far the whole and each arm is; once it is over, draw the page again."""
    seen = watch(store(), id)
    if seen.state not in {"queued", "running", "paused"}:
        st.rerun()
    usual = CHECKING if seen.checking else "time left not known yet"
    left = f"{roughly(seen.seconds_left)} left" if seen.seconds_left else usual
    st.progress(min(1.0, seen.share_done), f"{STATE_WORDS[seen.state]}: {left}")
    if words := seen.why or {"pause": "Pausing …", "cancel": "Cancelling …"}.get(seen.asked, ""):
        st.markdown(plain(words))
    for arm in seen.arms:
        arm_line(arm)
    memory = f", {seen.memory_mb:,.0f} MB of memory" if seen.memory_mb else ""
    st.markdown(
        f"{start(roughly(seen.spent))} so far{memory}. You may close this page; the pilot goes on."
    )
    buttons(seen, id)
    if seen.lines:
        with st.expander("Log"):
            st.code("\n".join(seen.lines), language=None)


def arm_line(arm: ArmProgress) -> None:
    """Draw one arm: how far, the score so far, the loss."""
    parts = [f"**{plain(arm_title(arm.arm))}**"]
    if arm.share < 1:
        parts.append(f"with {percent(arm.share)} of the examples")
    parts.append(arm.stage if arm.state == "running" and arm.stage else arm.state)
    if arm.score is not None:
        parts.append(f"score so far {percent(arm.score)} of {counted(arm.answered, 'case')}")
    if arm.loss is not None and arm.state == "running":
        parts.append(f"loss {arm.loss:.2f}")
    if arm.seconds_left and arm.state == "running":
        parts.append(f"{roughly(arm.seconds_left)} left")
    share = {"done": 1.0, "stopped": 1.0, "failed": 1.0, "waiting": 0.0}.get(
        arm.state, arm.done / max(1, arm.total)
    )
    st.progress(min(1.0, share), ", ".join(parts))
    if arm.why:
        st.markdown(f":material/info: {plain(arm.why)}")


def buttons(seen: Snapshot, id: str) -> None:
    """Offer what can be asked of the pilot now."""
    with st.container(horizontal=True):
        if seen.state in LATER:
            press("Pause", tell, id, "pause", key="pause", icon=":material/pause:")
        if seen.state == "paused":
            press("Go on", tell, id, "resume", key="resume", icon=":material/play_arrow:")
        press("Cancel", tell, id, "cancel", key="cancel", icon=":material/stop_circle:")


def tell(id: str, what: Ask) -> None:
    """Pause, resume or cancel."""
    attempt(ask, store(), id, what, author(), secrets.token_hex(8))
