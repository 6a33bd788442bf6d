"""The failures of a proposal: how each is read, corrected, changed, removed and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.assessment import FailureReading
from advisor.errors import InputError
from advisor.failures.learning.opinions import Opinion, because
from advisor.failures.second_opinion.advised_reader import advised
from advisor.intake.failure_edits import FailureEdits
from advisor.intake.failure_lists import holding
from advisor.presentation.differences import TEXTS
from advisor.presentation.wording import MODES, percent, start
from advisor.proposal import Failure
from advisor.store import Label, Stored
from advisor.ui.assessing import tools
from advisor.ui.proposal import failure_texts
from advisor.ui.saved_field import live
from advisor.ui.screens import go_to
from advisor.ui.session import author, names, store
from advisor.ui.widgets import attempt, first_shown, pager, press, show_errors
from advisor.vocabulary import Mode

ROWS = 10
AS_READ = "as the advisor reads it"


def show_failures(stored: Stored, edits: FailureEdits) -> None:
    """Draw the failures, some at a time; only these are read."""
    failures, words = stored.draft.failures, ""
    if len(failures) > ROWS:
        words = st.text_input("Search these failures", key="wanted_failures")
    fitting, page = holding(failures, words), f"failures_page/{words}"
    first = first_shown(len(fitting), ROWS, page)
    shown = fitting[first : first + ROWS]
    if not shown:
        st.info("No failure holds these words.")
        return
    readings = advised(tools().classifier, shown).read(shown, stored.draft.corrections)
    said = store().labels.of(shown)
    for failure, reading, labels in zip(shown, readings, said, strict=True):
        with st.container(border=True):
            if st.session_state.get("editing") == failure.id:
                edit_card(edits, failure)
                continue
            texts, reads = st.columns([3, 2], gap="large")
            with texts:
                name = failure.id or ""
                failure_texts.show(failure, name, f"**Failure {plain(name[:200])}**")
            with reads:
                show_reading(stored, edits, failure, reading, labels)
    if len(fitting) > ROWS:
        st.markdown(
            f"{first + 1:,} to {first + len(shown):,} of {len(fitting):,}; all of them count."
        )
    pager(len(fitting), ROWS, page)


def edit_card(edits: FailureEdits, failure: Failure) -> None:
    """Draw one failure as a form."""
    with st.form(f"edit-{failure.key}", enter_to_submit=False):
        texts = {
            name: st.text_area(label, getattr(failure, name) or "", height=90)
            for name, label in TEXTS.items()
        }
        if st.form_submit_button("Save", type="primary"):
            try:
                edits.change(failure, texts)
            except InputError as error:
                show_errors(error)
            else:
                st.session_state.pop("editing", None)
                st.rerun()
    press("Cancel", st.session_state.pop, "editing", None, key="cancel-edit")


def correction(reading: FailureReading) -> Callable[..., Any]:
    """Return what draws the choice of what a failure is."""
    modes = list(Mode)

    def draw(value: Mode | None, **wiring: Any) -> Any:
        return st.selectbox(
            f"What failure {plain(reading.id)[:80]} is",
            [AS_READ, *modes],
            index=modes.index(value) + 1 if value else 0,
            format_func=lambda mode: start(MODES.get(mode, AS_READ)),
            **wiring,
        )

    return draw


def show_reading(
    stored: Stored,
    edits: FailureEdits,
    failure: Failure,
    reading: FailureReading,
    said: tuple[Label, ...],
) -> None:
    """Draw how one failure is read, why, and how to correct it."""
    name = start(MODES[reading.mode])
    if reading.corrected:
        st.markdown(f"**{name}**, {plain(because(said, reading.mode, author(), names()))}.")
    else:
        sure = percent(reading.probabilities[reading.mode])
        doubt = ", too unsure to count on" if reading.abstained else ""
        st.markdown(f"Reads as **{name}** ({sure} sure{doubt}).")
        st.text(reading.why)
    show_opinion(Opinion(said), reading)
    live(
        stored,
        f"corrections.{failure.id}",
        correction(reading),
        given=lambda mode: None if mode == AS_READ else mode,
    )
    id = failure.id or ""
    named = f"failure {plain(id)[:200]}"
    with st.container(horizontal=True):
        press("Change", edit, id, key=f"edit-{id}", help=f"Change the texts of {named}")
        press("Remove", remove, stored, edits, id, key=f"remove-{id}", help=f"Remove {named}")


def show_opinion(opinion: Opinion, reading: FailureReading) -> None:
    """Say who said what, where that is not what counts here."""
    if not opinion.labels or opinion.agreed == reading.mode:
        return
    told = plain(opinion.told(author(), names()))
    if opinion.agreed or not opinion.differs:
        st.markdown(f"{told}.")
        return
    st.warning(f"{told}. Here the latest word counts; nothing is learned from it until settled.")
    go_to("learning", "Settle it", ":material/balance:")


def edit(id: str) -> None:
    """Show one failure as a form."""
    st.session_state["editing"] = id


def remove(stored: Stored, edits: FailureEdits, id: str | None) -> None:
    """Take one failure away, or all, and remember the version that still had them."""
    if attempt(edits.remove, id) if id else attempt(edits.remove_all):
        what = "One failure is" if id else "All failures are"
        st.session_state["removed"] = (stored.id, stored.version, f"{what} removed.")


def show_removed(stored: Stored, edits: FailureEdits) -> None:
    """Say what was taken away last, and offer to put it back."""
    id, version, words = st.session_state.get("removed", ("", 0, ""))
    if id == stored.id:
        st.info(words)
        press("Undo", undo, edits, version, key="undo-remove")


def undo(edits: FailureEdits, version: int) -> None:
    """Put back what was removed after `version`."""
    attempt(edits.put_back, version)
    st.session_state.pop("removed", None)
