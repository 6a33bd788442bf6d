"""The grounds of a recommendation: reasons with their sources, doubts, what would change it."""

from collections.abc import Iterable, Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.assessment import Assessment, EvidenceItem, GivenAnswer
from advisor.domain.sources import Source
from advisor.presentation.chart_data import speaks
from advisor.presentation.flips import FlippingAnswers, changes
from advisor.presentation.wording import answer_words, counted, source_words, strength
from advisor.rules import RuleBook
from advisor.store import Stored
from advisor.ui.navigation import link
from advisor.ui.proposal import pictures
from advisor.ui.widgets import bullets


def said(given: GivenAnswer, book: RuleBook) -> str:
    """Return one condition with the user's own value."""
    words = plain(answer_words(given.answer, book.questions[given.question]))
    if given.suggested:
        return f"{plain(given.ask)} **{words}** (read from your words, not confirmed)"
    return f"{plain(given.ask)} You said: **{words}**"


def basis(given: Iterable[GivenAnswer], source: Source, book: RuleBook) -> None:
    """Show the answers that something rests on, and its source."""
    bullets(said(answer, book) for answer in given)
    st.markdown(f"Source: {source_words(source)}")


def label(item: EvidenceItem) -> str:
    """Return a reason as one line."""
    guess = "; not confirmed" if any(given.suggested for given in item.given) else ""
    return plain(f"{item.title} ({strength(item.weight)}, {speaks(item)}{guess})")


def reasons(stored: Stored, result: Assessment, book: RuleBook) -> None:
    """Show the reasons, heaviest first; weak and covered ones together."""
    if not result.evidence:
        st.info("No reasons yet. Answer a few questions.")
        return
    chart, texts = st.columns([2, 3], gap="large")
    with chart:
        pictures.draw("reasons", result)
    with texts:
        in_words(stored, result.evidence, book)


def in_words(stored: Stored, items: Sequence[EvidenceItem], book: RuleBook) -> None:
    """Show each reason with the user's own values and its source."""
    guesses = sum(any(given.suggested for given in item.given) for item in items)
    if guesses:
        st.markdown(
            f":material/help: {counted(guesses, 'reason')} rest on answers that were read from "
            "your words and that nobody has confirmed."
        )
        link(stored, "questions", "Confirm or change them", ":material/quiz:")
    heavy = [item for item in items if item.counted and strength(item.weight) != "weak"]
    light = [item for item in items if item not in heavy]
    for item in heavy:
        with st.expander(label(item)):
            st.markdown(plain(item.because))
            basis(item.given, item.source, book)
    if light:
        with st.expander(f"Weaker reasons, and those that a stronger one covers ({len(light)})"):
            for item in light:
                covered = "" if item.counted else " Not counted: a stronger reason covers it."
                st.markdown(f"**{label(item)}.** {plain(item.because)}{covered}")
                basis(item.given, item.source, book)


def doubts(stored: Stored, result: Assessment, book: RuleBook) -> None:
    """Show the case against, the answers that would change the result, and what is unknown."""
    st.subheader("The strongest case against")
    bullets(plain(line) for line in result.case_against or ("Nothing known speaks against it.",))
    flips = changes(result, book)
    st.subheader("Your answers that would change it, if they were different")
    given = [flip for flip in flips if flip.now]
    bullets(map(flip_words, given))
    if not given:
        st.markdown("None. Changing any one of your answers leaves the recommendation as it is.")
    st.subheader("What is unknown, and what it could change")
    missing = [flip for flip in flips if not flip.now]
    bullets(map(flip_words, missing))
    if not missing:
        st.markdown("No open question changes the recommendation alone.")
    link(stored, "questions", "Answer or change", ":material/quiz:")
    asks = [book.questions[name].ask for name in result.unknown]
    rest = [ask for ask in asks if ask not in {flip.ask for flip in missing}]
    if rest:
        with st.expander(f"No answer yet, but none of these changes it alone ({len(rest)})"):
            bullets(plain(ask) for ask in rest)


def flip_words(flip: FlippingAnswers) -> str:
    """Return a single answer that would change the result, and to what."""
    now = f"Now: {plain(flip.now)}. " if flip.now else ""
    return (
        f"{plain(flip.ask)} {now}With **{plain(flip.instead)}** it would be "
        f"**{plain(flip.result)}**."
    )
