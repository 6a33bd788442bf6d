"""What can be done about learning: learn, use another version, settle, go back; each once."""

from __future__ import annotations

import secrets

import streamlit as st

from advisor.failures.learning.opinions import Opinion
from advisor.failures.learning.versions import learn_now, settle
from advisor.store import LearnedVersion
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt
from advisor.vocabulary import Mode


def _key() -> str:
    """Return the key of the next write, the same until something was written."""
    return str(st.session_state.setdefault("learning_key", secrets.token_hex(8)))


def _written(words: str, before: int | None = None) -> None:
    """Say what was done when the page is drawn again, and what to go back to."""
    st.session_state.pop("learning_key", None)
    st.session_state["learning_said"] = (words, before)


def learn(active: LearnedVersion | None) -> None:
    """Learn from what people agree on, and say what came of it."""
    with st.spinner("Learning. A few seconds …", show_time=True):
        learned = attempt(learn_now, store(), author(), _key())
    if not learned:
        return
    st.session_state["learning_tried"] = learned.lesson
    was = active.version if active else 0
    if learned.version is None:
        _written("")
    elif learned.version == was:
        _written(f"There is nothing new to learn since version {was}.")
    else:
        _written(f"Version {learned.version} is learned and in use.", was)


def use(version: int, active: LearnedVersion | None) -> None:
    """Put a version to use; 0 is as shipped."""
    attempt(store().learned.use, version, author(), _key())
    if st.session_state.get("problems"):
        return
    words = f"Version {version} is in use." if version else "The classifier is as shipped."
    _written(words, active.version if active else 0)
    st.session_state.pop("learning_tried", None)


def undo(version: int, active: LearnedVersion | None) -> None:
    """Go back to the version that was in use before."""
    use(version, active)
    st.session_state.pop("learning_said", None)


def end(disagreement: Opinion, mode: Mode) -> None:
    """Settle a disagreement."""
    attempt(settle, store(), disagreement, mode, author(), _key())
    _written("Settled. It is among the corrections now.")


def reopen(settled: Opinion) -> None:
    """Let a disagreement count as one again."""
    attempt(store().labels.reopen, settled.digest, author())
    _written("It counts as a disagreement again.")
