"""Ten pairs of outputs, judged without knowing whose they are."""

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.documents.record import shorten
from advisor.presentation.arm_titles import arm_title, arm_words
from advisor.presentation.wording import counted, listing
from advisor.review.dossier.blind_comparison import NO_DIFFERENCE, rate
from advisor.review.dossier.dossier_record import (
    BlindComparison,
    BlindPair,
    Choice,
    Dossier,
    Revealed,
)
from advisor.ui.session import store
from advisor.ui.widgets import attempt, press

EXCERPT = 800
CHOICES: dict[Choice, str] = {"a": "A is better", "b": "B is better", "same": "No difference"}


def blind(read: Dossier, person: str) -> None:
    """Draw the pairs of this person, those that are not rated yet first."""
    found = read.blind
    if found is None:
        return
    st.subheader("Judge for yourself, without knowing which is which", anchor="blind")
    st.markdown(summary(found))
    if not found.pairs:
        return
    done = sum(each.revealed is not None for each in found.pairs)
    st.progress(done / len(found.pairs), f"{done} of {counted(len(found.pairs), 'pair')} rated")
    waiting = [each for each in found.pairs if each.revealed is None]
    if waiting:
        pair(read, waiting[0], person)
    rated = [each for each in found.pairs if each.revealed]
    if rated:
        with st.expander(f"What you rated, and whose it was ({len(rated)})"):
            for each in rated:
                shown(each)


def summary(found: BlindComparison) -> str:
    """Say what is compared and what people preferred so far."""
    same = f" In {counted(found.same, 'case')} more both gave the same." if found.same else ""
    text = (
        "Outputs of fine-tuning and of the simpler way to the same cases, in an order that "
        f"differs from case to case. You need not rate any.{same}"
    )
    if not found.people:
        return text
    counts = [f"{preferred(arm)} {many}" for arm, many in sorted(found.everybody.items())]
    many = counted(found.people, "person") if found.people == 1 else f"{found.people} people"
    return f"{text} Preferred so far, by {many}: {plain(listing(counts))}."


def preferred(arm: str) -> str:
    """Name what was preferred."""
    return "no difference" if arm == NO_DIFFERENCE else arm_words(arm)


def pair(read: Dossier, one: BlindPair, person: str) -> None:
    """Draw one pair with the buttons that rate it."""

    def say(choice: Choice) -> None:
        attempt(rate, store(), read, one.case, choice, person)

    with st.container(border=True):
        texts(one)
        with st.container(horizontal=True):
            for choice, label in CHOICES.items():
                press(label, say, choice, key=f"rate/{one.case}/{choice}")


def texts(one: BlindPair) -> None:
    """Draw what was asked, what was wanted, and both outputs."""
    st.markdown(f"**Asked:** {verbatim(shorten(one.input, EXCERPT))}")
    st.markdown(f"**Wanted:** {verbatim(shorten(one.expected, EXCERPT))}")
    first, second = st.columns(2)
    for cell, name, text in ((first, "A", one.a), (second, "B", one.b)):
        with cell, st.container(border=True):
            st.markdown(f"**{name}**")
            st.markdown(verbatim(shorten(text, EXCERPT)) or "(nothing)")


def shown(one: BlindPair) -> None:
    """Draw a rated pair with whose it was."""
    assert one.revealed
    with st.container(border=True):
        texts(one)
        st.markdown(told(one.revealed))


def told(one: Revealed) -> str:
    """Say whose the outputs were, and what was preferred."""
    scores = [
        f"{name}: {plain(arm_title(arm))}{'' if score is None else f' (score {score:.2g})'}"
        for name, arm, score in zip("AB", (one.a, one.b), one.scores, strict=True)
    ]
    return f"{'; '.join(scores)}. You preferred: **{plain(preferred(one.preferred))}**."
