"""What the advisor learned from people's corrections: which version reads failures, and why."""

import secrets
from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.failures.learning.learn import LEAST, LearningFigures
from advisor.failures.learning.learned_classifier import (
    figures_of,
    fits,
    learn_now,
    new_since,
    settle,
)
from advisor.failures.learning.learning_chart import alt_text, before_after, table
from advisor.failures.learning.opinions import Opinion, opinions
from advisor.presentation.charts import spec
from advisor.presentation.wording import MODES, counted, listing, percent, start
from advisor.store import LearnedVersion
from advisor.store.versions.version_records import AUTHOR
from advisor.ui.failures import failure_texts
from advisor.ui.screens import go_to
from advisor.ui.session import author, local_time, names, store
from advisor.ui.widgets import attempt, press, show_problems
from advisor.vocabulary import Mode

ROWS = 10

active = store().learned.active()
versions = store().learned.all()
said = opinions(store().labels.all())
agreed = [one for one in said if one.agreed]
open_ones = [one for one in said if not one.agreed]
settled = [one for one in said if one.agreed and one.differs]
useful = fits(active) if active else True


def new_key() -> str:
    """Return the key of the next write, the same until something was written."""
    return str(st.session_state.setdefault("learning_key", secrets.token_hex(8)))


def written(words: str, before: int | None = None) -> None:
    """Say what was done when the page is drawn again, and what to go back to."""
    st.session_state.pop("learning_key", None)
    st.session_state["learning_said"] = (words, before)


def learn() -> None:
    """Learn from what people agree on, and say what came of it."""
    with st.spinner("Learning. A few seconds …", show_time=True):
        found = attempt(learn_now, store(), author(), new_key())
    if not found:
        return
    st.session_state["learning_tried"] = found.lesson
    was = active.version if active else 0
    if found.version is None:
        written("")
    elif found.version == was:
        written(f"There is nothing new to learn since version {was}.")
    else:
        written(f"Version {found.version} is learned and in use.", was)


def use(version: int) -> None:
    """Put a version to use; 0 is as shipped."""
    attempt(store().learned.use, version, author(), new_key())
    if st.session_state.get("problems"):
        return
    words = f"Version {version} is in use." if version else "The classifier is as shipped."
    written(words, active.version if active else 0)
    st.session_state.pop("learning_tried", None)


def undo(version: int) -> None:
    """Go back to the version that was in use before."""
    use(version)
    st.session_state.pop("learning_said", None)


def end(one: Opinion, mode: Mode) -> None:
    """Settle a disagreement."""
    attempt(settle, store(), one, mode, author(), new_key())
    written("Settled. It is among the corrections now.")


def reopen(one: Opinion) -> None:
    """Let a disagreement count as one again."""
    attempt(store().labels.reopen, one.digest, author())
    written("It counts as a disagreement again.")


def answer() -> None:
    """Say which version is in use and how much better it is."""
    if active and useful:
        found = figures_of(active)
        st.header(f"Version {active.version} reads failures")
        st.markdown(
            f"It learned on {local_time(active.at)} from {counted(active.labels, 'correction')}. "
            f"Tried on corrections that it had not seen, it read {percent(found.after.modes)} "
            f"right; before, {percent(found.before.modes)}."
        )
        return
    st.header("Failures are read by the classifier as it ships")
    if active:
        st.warning(
            f"Version {active.version} was learned on another classifier than the one that ships "
            "now. It is not used. Learn again from the same corrections."
        )
    elif not versions:
        st.markdown(
            "Where it reads a failure wrong, say on the page of failures what it is. From "
            f"{LEAST} corrections on, it can learn how your team sees such failures."
        )


def outcome() -> None:
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
        press("Undo", undo, before, key="undo-learning")


def show_figures(figures: LearningFigures) -> None:
    """Draw before and after, with a table of the same."""
    st.vega_lite_chart(
        spec(before_after(figures)), theme=None, width="stretch", alt=alt_text(figures)
    )
    st.markdown(
        "Grey ring: before. Blue dot: after. Each correction was tried by a classifier that "
        "learned from others only; those that are nearly the same were kept together."
    )
    with st.expander("The figures"):
        st.table(table(figures))


def show_button() -> None:
    """Offer to learn, and say from what."""
    count = len(agreed)
    news = not active or not useful or new_since(active, said)
    parts = [f"{counted(count, 'correction')} to learn from"]
    if open_ones:
        parts.append(f"{counted(len(open_ones), 'disagreement')} to settle first, not learned from")
    st.markdown(f"{start(listing(parts))}.")
    if count < LEAST:
        st.markdown(f"Learning needs {LEAST}: correct {LEAST - count} more.")
    press(
        f"Learn from {counted(count, 'correction')}",
        learn,
        key="learn",
        type="primary" if news else "secondary",
        disabled=count < LEAST,
    )
    st.markdown(
        "It takes a few seconds. A version that reads corrections no better, or forgets too much, "
        "is refused. You can always go back."
    )


def show_disagreements(ones: Sequence[Opinion]) -> None:
    """Draw what people disagree about, and let somebody settle it."""
    for one in ones[:ROWS]:
        with st.container(border=True):
            st.markdown(f"**{plain(one.told(author(), names()))}.**")
            failure_texts.show(one.failure, one.digest[:16])
            with st.container(horizontal=True):
                for mode in dict.fromkeys(label.mode for label in one.labels):
                    name = f"{one.digest[:16]}-{mode}"
                    press(f"It is {MODES[mode]}", end, one, mode, key=f"settle-{name}")
                link = {"p": one.labels[-1].proposal_id}
                go_to("failures", "Something else", ":material/edit:", **link)
    if len(ones) > ROWS:
        st.markdown(f"{len(ones) - ROWS:,} more follow when these are settled.")


def show_corrections() -> None:
    """List what it would learn from, some at a time, the newest first."""
    if author() == AUTHOR:
        st.markdown(
            "Nobody signs in here, so all count as one person: the latest word wins, and nobody "
            "can disagree."
        )
    first = (st.session_state.get("corrections_page", 1) - 1) * ROWS
    st.table([
        {
            "Failure": plain(one.brief),
            "Is": start(MODES[one.agreed]),
            "Said by": plain(one.by(author(), names())),
            "When": local_time(one.labels[-1].at),
        }
        for one in agreed[first : first + ROWS]
        if one.agreed
    ])
    if len(agreed) > ROWS:
        st.pagination(-(-len(agreed) // ROWS), key="corrections_page")


def show_settled() -> None:
    """List what was settled, and let it be opened again."""
    with st.expander(f"{counted(len(settled), 'disagreement')} settled"):
        for one in settled[:ROWS]:
            counts = MODES[one.agreed] if one.agreed else "nothing yet"
            st.markdown(f"{plain(one.told(author(), names()))}. Counts: {counts}.")
            failure_texts.show(one.failure, one.digest[:16])
            press("Open it again", reopen, one, key=f"reopen-{one.digest[:16]}")


def show_version(version: LearnedVersion) -> None:
    """Draw one version with its figures in a line, and a button to use it."""
    found = figures_of(version)
    by = "you" if version.author == author() else plain(names().get(version.author, version.author))
    words, button = st.columns([4, 1])
    words.markdown(
        f"**Version {version.version}**, {local_time(version.at)}, by {by}, "
        f"from {counted(version.labels, 'correction')}: {percent(found.before.modes)} read right "
        f"before, {percent(found.after.modes)} after."
    )
    with button:
        if active and active.version == version.version:
            st.markdown("In use" if useful else "Chosen, but not used")
        else:
            press(
                f"Use version {version.version}", use, version.version, key=f"use-{version.version}"
            )


def show_versions() -> None:
    """Draw every version, the newest first, and the one that ships."""
    for version in versions[:50]:
        show_version(version)
    words, button = st.columns([4, 1])
    words.markdown("**As shipped**, without anything learned here.")
    with button:
        if active:
            press("Use as shipped", use, 0, key="use-0")
        else:
            st.markdown("In use")


st.title("What the advisor learned")
show_problems()
answer()
outcome()
if active and useful:
    show_figures(figures_of(active))
if said:
    show_button()
else:
    st.info("Nobody has corrected a failure yet. Open a proposal and go to its failures.")
    go_to("proposals", "All proposals", ":material/list:")
if open_ones:
    st.header(f"{counted(len(open_ones), 'disagreement')} to settle")
    st.markdown("People say different things about these. Your word settles it.")
    show_disagreements(open_ones)
if agreed:
    st.header("What it learns from")
    show_corrections()
if settled:
    show_settled()
if versions:
    st.header("Versions")
    show_versions()
