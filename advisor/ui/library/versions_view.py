"""The versions of the classifier: which reads failures, how good each is, and the others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.failures.learning.learn import LEAST, LearningFigures
from advisor.failures.learning.learning_chart import alt_text, before_after, table
from advisor.failures.learning.versions import figures_of
from advisor.presentation.chart_parts import spec
from advisor.presentation.wording import counted, percent
from advisor.store import LearnedVersion
from advisor.ui.library.learning_acts import undo, use
from advisor.ui.session import author, local_time, names
from advisor.ui.widgets import figure, press


def answer(active: LearnedVersion | None, useful: bool, any_version: bool) -> None:
    """Say which version is in use and how much better it is."""
    if active and useful:
        figures = figures_of(active)
        st.header(f"Version {active.version} reads failures")
        st.markdown(
            f"It learned on {local_time(active.at)} from {counted(active.labels, 'correction')}. "
            f"Tried on corrections that it had not seen, it read {percent(figures.after.modes)} "
            f"right; before, {percent(figures.before.modes)}."
        )
        return
    st.header("Failures are read by the classifier as it ships")
    if active:
        st.warning(
            f"Version {active.version} was learned on another classifier than the one that ships "
            "now. It is not used. Learn again from the same corrections."
        )
    elif not any_version:
        st.markdown(
            "Where it reads a failure wrong, say on the page of failures what it is. From "
            f"{LEAST} corrections on, it can learn how your team sees such failures."
        )


def outcome(active: LearnedVersion | None) -> None:
    """Say what the last click did, and offer to undo it."""
    words, before = st.session_state.get("learning_said", ("", None))
    lesson = st.session_state.get("learning_tried")
    if lesson and lesson.refused:
        st.warning(f"Not learned; nothing was changed. {plain(lesson.refused)}")
        if lesson.figures:
            show_figures(lesson.figures)
    if words:
        st.success(words)
    if before is not None:
        press("Undo", undo, before, active, key="undo-learning")


def show_figures(figures: LearningFigures) -> None:
    """Draw before and after, with a table of the same."""
    figure(spec(before_after(figures)), alt_text(figures))
    st.markdown(
        "Grey ring: before. Blue dot: after. Each correction was tried by a classifier that "
        "learned from others only; those that are nearly the same were kept together."
    )
    with st.expander("The figures"):
        st.table(table(figures))


def versions(known: Sequence[LearnedVersion], active: LearnedVersion | None, useful: bool) -> None:
    """Draw every version, the newest first, and the one that ships."""
    for version in known[:50]:
        words, button = st.columns([4, 1])
        words.markdown(_words(version))
        with button:
            if active and active.version == version.version:
                st.markdown("In use" if useful else "Chosen, but not used")
            else:
                number = version.version
                press(f"Use version {number}", use, number, active, key=f"use-{number}")
    words, button = st.columns([4, 1])
    words.markdown("**As shipped**, without anything learned here.")
    with button:
        if active:
            press("Use as shipped", use, 0, active, key="use-0")
        else:
            st.markdown("In use")


def _words(version: LearnedVersion) -> str:
    """Return a version with its figures in a line."""
    figures, who = figures_of(version), version.author
    by = "you" if who == author() else plain(names().get(who, who))
    return (
        f"**Version {version.version}**, {local_time(version.at)}, by {by}, "
        f"from {counted(version.labels, 'correction')}: {percent(figures.before.modes)} read right "
        f"before, {percent(figures.after.modes)} after."
    )
