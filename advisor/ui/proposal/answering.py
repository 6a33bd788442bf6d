"""What answers one question: its buttons or its field, and what a click on them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.intake.questionnaire import UNKNOWN, choices
from advisor.proposal import Answer
from advisor.rules import RuleBook
from advisor.rules.schema.answers import takes
from advisor.rules.schema.rule_schema import Question
from advisor.store import UNSET, Stored
from advisor.ui.session import current, save
from advisor.ui.widgets import press


@dataclass(frozen=True)
class Answering:
    """A proposal whose questions are answered in this window."""

    stored: Stored
    book: RuleBook

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What was answered so far."""
        return self.stored.draft.answers

    @property
    def order(self) -> list[str]:
        """The questions that were answered here, in that order, for going back."""
        order: list[str] = st.session_state.setdefault(f"asked/{self.stored.id}", [])
        return order

    @property
    def chosen(self) -> str | None:
        """The question that was gone back to."""
        name = st.session_state.get(f"here/{self.stored.id}")
        return name if name in self.book.questions else None

    def answer(self, name: str, value: Answer) -> None:
        """Save one answer, remember the order for going back, and go on."""
        if save(self.stored, {f"answers.{name}": value}):
            if name not in self.order:
                self.order.append(name)
            st.session_state.pop(f"here/{self.stored.id}", None)

    def go_to(self, name: str | None) -> None:
        """Show one question, or the next one that is worth asking."""
        st.session_state[f"here/{self.stored.id}"] = name

    def reject(self, name: str) -> None:
        """Set a suggestion aside; its question is asked like any other."""
        dismissed = current().draft.dismissed
        save(self.stored, {"dismissed": (*dismissed, *([name] if name not in dismissed else []))})


def ask(form: Answering, question: Question, place: str) -> None:
    """Draw what answers one question."""
    (_number if question.type == "number" else _buttons)(form, question, place)


def why_asked(question: Question) -> None:
    """Say why a question is asked, with an example."""
    st.markdown(f"**Why it is asked:** {plain(question.why)}")
    st.markdown(f"**Example:** {plain(question.example)}")


def _buttons(form: Answering, question: Question, place: str) -> None:
    """Draw one button an answer; the one that was given says so."""
    given = form.answers.get(question.id, UNSET)
    with st.container(horizontal=question.type == "yes_no"):
        for value, words in choices(question):
            chosen = value is given or (isinstance(value, str) and value == given)
            press(
                f"✓ {words} (your answer)" if chosen else words,
                form.answer,
                question.id,
                value,
                key=f"{place}/{question.id}/{value}",
                type="primary" if chosen else "secondary",
            )


def _number(form: Answering, question: Question, place: str) -> None:
    """Draw the field and the buttons that answer a question about a number."""
    given = form.answers.get(question.id, UNSET)
    with st.form(f"{place}/{question.id}", border=False):
        value = number_field(question, given, f"{place}/{question.id}/number")
        if st.form_submit_button("Answer", type="primary"):
            if value is None:
                st.error("Type a number (0 is one), or press “I don't know”.")
            else:
                form.answer(question.id, value)
                st.rerun()
    unknown_button(form, question, place)


def number_field(question: Question, value: Any, key: str, **look: Any) -> int | None:
    """Draw the field for a number; nothing in it means that no number was given."""
    fits = isinstance(value, int | float) and takes(question, value)
    typed = st.number_input(
        f"A number of {question.unit}" if question.unit else "A number",
        min_value=int(question.minimum),
        max_value=min(int(question.maximum), 2**53 - 1),
        value=int(value) if fits else None,
        step=1,
        placeholder="No number yet",
        key=key,
        **look,
    )
    return None if typed is None else int(typed)


def unknown_button(form: Answering, question: Question, place: str) -> None:
    """Draw the button that says that nobody knows."""
    known = form.answers.get(question.id, UNSET) is not None
    label = UNKNOWN if known else f"✓ {UNKNOWN} (your answer)"
    press(label, form.answer, question.id, None, key=f"{place}/{question.id}/unknown")
