"""The fields of the owner's form, each with why it is asked; every change is saved."""

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import answer_words, start
from advisor.proposal import FIELD_LIMIT
from advisor.review.decisions.owner_form import OwnerForm
from advisor.rules.schema.answers import filled, takes
from advisor.rules.schema.approval import ReviewField
from advisor.rules.schema.rule_schema import Question
from advisor.store import UNSET, Stored
from advisor.ui.saved_field import live, value_at
from advisor.ui.session import save
from advisor.ui.widgets import press

YES_NO = {True: "Yes", False: "No"}


def section(stored: Stored, form: OwnerForm, name: str, title: str, changeable: bool) -> None:
    """Draw one section: first what the advisor itself must know for it, then its fields."""
    here = form.sections[name]
    needed = [asked for asked in here if asked.id in form.needed]
    missing = sum(asked in form.missing for asked in here)
    st.header(f"{title} ({len(needed) - missing} of {len(needed)})")
    if name == "problem":
        for question in form.questions:
            with st.container(border=True):
                advisors(stored, question, changeable)
    for asked in here:
        with st.container(border=True):
            field(stored, form, asked, changeable)


def advisors(stored: Stored, question: Question, changeable: bool) -> None:
    """Draw a question of the advisor that decides how much is at stake."""
    st.markdown(f"**{plain(question.ask)}** ○ Not answered; until then the most is at stake")
    st.markdown(f":small[{plain(question.why)}]")
    if question.type == "yes_no":
        answer(stored, f"answers.{question.id}", question.ask, choices(YES_NO), changeable)


def field(stored: Stored, form: OwnerForm, asked: ReviewField, changeable: bool) -> None:
    """Draw one field with why it is asked, an example, and whether it is needed."""
    path = f"review.{asked.id}"
    value = value_at(stored.draft, path)
    unit = f" (in {plain(asked.unit)})" if asked.unit else ""
    st.markdown(f"**{plain(asked.ask)}**{unit} {mark(form, asked, value)}")
    st.markdown(f":small[{plain(asked.why)} For example: {plain(asked.example)}]")
    if value is not UNSET and not fits(asked, value):
        misfit(stored, path, value)
    else:
        answer(stored, path, asked.ask, WIDGETS[asked.type](asked), changeable)


def mark(form: OwnerForm, asked: ReviewField, value: Any) -> str:
    """Say whether it is answered, needed, or may stay empty."""
    if value is not UNSET and filled(value):
        return "✓"
    if asked.id in form.needed:
        return "○ Needed"
    return "○ Needed before adoption" if asked.id in form.later else "(may stay empty)"


def fits(asked: ReviewField, value: Any) -> bool:
    """Tell whether what is saved is an answer."""
    return isinstance(value, str | None) if asked.type == "text" else takes(asked.asked, value)


def misfit(stored: Stored, path: str, value: Any) -> None:
    """Say that what is saved is no answer, and offer to take it away."""
    st.warning(f"What is saved, {plain(str(value)[:80])}, is no possible answer.")
    press("Take it away", save, stored, {path: UNSET}, secrets.token_hex(8), key=f"away/{path}")


Draw = Callable[..., Any]
Widget = tuple[Draw, Callable[[Any, Any], Any]]
"""What draws, and what turns what the widget holds into what is stored, beside what was."""


def answer(stored: Stored, path: str, label: str, widget: Widget, changeable: bool) -> None:
    """Draw what answers, saved with every change."""
    draw, back = widget
    saved = value_at(stored.draft, path)

    def drawn(value: Any, **wiring: Any) -> Any:
        return draw(value, label=label, disabled=not changeable, **wiring)

    live(stored, path, drawn, given=lambda held: back(held, saved))


def text(_: ReviewField) -> Widget:
    """Return what draws a text."""

    def draw(value: Any, **wiring: Any) -> Any:
        held = value if isinstance(value, str) else ""
        return st.text_area(
            value=held, height=90, max_chars=FIELD_LIMIT, label_visibility="collapsed", **wiring
        )

    return draw, lambda held, saved: held or (saved if saved in (None, "") else UNSET)


def number(asked: ReviewField) -> Widget:
    """Return what draws a number with its unit."""

    def draw(value: Any, **wiring: Any) -> Any:
        held = float(value) if isinstance(value, int | float) else None
        return st.number_input(
            min_value=float(asked.minimum), max_value=float(asked.maximum), value=held,
            placeholder="No number yet", format="%0.6g", label_visibility="collapsed", **wiring,
        )  # fmt: skip

    return draw, _number


def _number(held: Any, saved: Any) -> Any:
    if held is None:
        return None if saved is None else UNSET
    if isinstance(saved, int | float) and held == saved:
        return saved
    return int(held) if float(held).is_integer() else held


def choice(asked: ReviewField) -> Widget:
    """Return what draws a choice."""
    return choices({name: start(answer_words(name, asked.asked)) for name in asked.options})


def choices(words: dict[Any, str]) -> Widget:
    """Return what draws a few answers of which one is on."""
    names = list(words.values())

    def draw(value: Any, label: str, **wiring: Any) -> Any:
        chosen = names.index(words[value]) if value in words else None
        return st.radio(
            label, names, index=chosen, horizontal=True, label_visibility="collapsed", **wiring
        )

    def back(held: Any, saved: Any) -> Any:
        given = next((value for value, shown in words.items() if shown == held), UNSET)
        return saved if given is UNSET and saved is None else given

    return draw, back


WIDGETS: dict[str, Callable[[ReviewField], Widget]] = {
    "text": text,
    "number": number,
    "choice": choice,
    "yes_no": lambda _: choices(YES_NO),
}
