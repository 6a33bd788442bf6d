"""Every question by section, each saved as it is answered."""

from __future__ import annotations

from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.intake.questionnaire import SECTIONS, choices, sections
from advisor.rules.schema.answers import takes
from advisor.rules.schema.rule_schema import Question
from advisor.store import UNSET
from advisor.ui.proposal.answering import (
    Answering,
    ask,
    number_field,
    unknown_button,
    why_asked,
)
from advisor.ui.saved_field import live


def all_at_once(form: Answering) -> None:
    """Draw every question by section, the answered ones marked."""
    for name, questions in sections(form.book).items():
        done = sum(question.id in form.answers for question in questions)
        st.header(f"{SECTIONS[name]} ({done} of {len(questions)} answered)")
        for question in questions:
            with st.container(border=True):
                _question(form, question)


def _question(form: Answering, question: Question) -> None:
    mark = "✓ Answered" if question.id in form.answers else "○ Not answered yet"
    st.markdown(f"**{plain(question.ask)}** {mark}")
    path = f"answers.{question.id}"
    given = form.answers.get(question.id)
    if not takes(question, given):
        st.warning(f"What is saved, {plain(str(given))}, is no possible answer.")
        ask(form, question, "all")
    elif question.type != "number":
        live(form.stored, path, _radio(question), given=lambda words: _value_of(question, words))
    else:
        live(form.stored, path, _number(question), given=lambda v: UNSET if v is None else v)
        unknown_button(form, question, "all")
    with st.expander("Why it is asked, and an example"):
        why_asked(question)


def _radio(question: Question) -> Any:
    """Return what draws the answers to a question as a group of buttons of which one is on."""
    words = dict(choices(question))

    def draw(value: Any, **wiring: Any) -> str | None:
        names = list(words.values())
        chosen = None if value is UNSET else names.index(words[value])
        return st.radio(
            question.ask,
            names,
            index=chosen,
            horizontal=question.type == "yes_no",
            label_visibility="collapsed",
            **wiring,
        )

    return draw


def _value_of(question: Question, words: str | None) -> Any:
    return next((value for value, shown in choices(question) if shown == words), UNSET)


def _number(question: Question) -> Any:
    def draw(value: Any, key: str, **wiring: Any) -> Any:
        typed = number_field(question, value, key, **wiring)
        return value if typed is None and value is None else typed

    return draw
