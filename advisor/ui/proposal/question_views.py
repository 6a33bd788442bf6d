"""Answers read from the words, one question at a time, and the leaning beside them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.assessment import Assessment
from advisor.intake.questionnaire import asked_before
from advisor.intake.suggestions.suggestion import Suggestion
from advisor.presentation.chart_data import speaks
from advisor.presentation.wording import answer_words, combination_words, percent, start, strength
from advisor.store import Stored
from advisor.ui.navigation import link
from advisor.ui.proposal import pictures
from advisor.ui.proposal.answering import Answering, ask, why_asked
from advisor.ui.widgets import press

REASONS = 4


def from_words(form: Answering, suggestions: Sequence[Suggestion]) -> None:
    """Draw the answers that were read from the words, to be confirmed one by one."""
    st.markdown(
        "The advisor found these answers in what you wrote. Each counts less until you confirm it."
    )
    for suggestion in suggestions:
        with st.container(border=True):
            _suggestion(form, suggestion)


def _suggestion(form: Answering, suggestion: Suggestion) -> None:
    """Draw one suggested answer with the sentence it rests on."""
    name = suggestion.question
    question = form.book.questions[name]
    st.markdown(f"**{plain(question.ask)}**")
    words = plain(start(answer_words(suggestion.answer, question)))
    sure = percent(suggestion.sure)
    st.markdown(f"Read as: **{words}** ({sure} sure), from the {suggestion.where}:")
    st.text(f"“{suggestion.sentence}”")
    changing = st.session_state.get("changing") == name
    with st.container(horizontal=True):
        press("That is right", form.answer, name, suggestion.answer, key=f"yes/{name}")
        if not changing:
            update = st.session_state.update
            press("Change", update, {"changing": name}, key=f"change/{name}")
        press("Set aside", form.reject, name, key=f"no/{name}")
    if changing:
        ask(form, question, "words")


def one_at_a_time(form: Answering, result: Assessment) -> None:
    """Draw the question that tells most, or one that was gone back to."""
    name = form.chosen or (result.next_questions[0].id if result.next_questions else None)
    if name:
        question = form.book.questions[name]
        st.header(question.ask)
        why_asked(question)
        ask(form, question, "one")
    else:
        st.success("No answer that is left can change the result. You can stop here.")
        label = "**Go to the recommendation**"
        link(form.stored, "recommendation", label, ":material/arrow_forward:")
    with st.container(horizontal=True):
        if before := asked_before(form.book, form.stored.draft, form.order, name or ""):
            press("Back", form.go_to, before, key="back", icon=":material/arrow_back:")
        if name in form.answers:
            press("Go on", form.go_to, None, key="on", icon=":material/arrow_forward:")


def leaning(stored: Stored, result: Assessment, words: str) -> None:
    """Draw what the answers so far say."""
    st.header("The leaning so far")
    st.markdown(f"**{plain(words)}.**")
    pictures.draw("causes", result)
    st.markdown(
        "\n".join(
            f"- {start(combination_words(option.remedies))}: ahead in {percent(option.wins)} of "
            "trials"
            for option in result.ranking[:3]
        )
    )
    counting = [item for item in result.evidence if item.counted]
    if counting:
        st.markdown("**What weighs most**")
    for item in counting[:REASONS]:
        unsure = any(given.suggested for given in item.given)
        note = " **Not confirmed: read from your words.**" if unsure else ""
        st.markdown(f"- {plain(item.title)} ({strength(item.weight)}, {speaks(item)}).{note}")
    link(stored, "recommendation", "See the recommendation", ":material/balance:")
