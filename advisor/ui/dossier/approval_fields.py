"""What an approval or an override needs: the checklist, its end, its limits, its conditions."""

import secrets
from datetime import UTC, date, datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import VOTES, Action
from advisor.presentation.wording import day_words
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.dossier.decision_form import TypedCondition, TypedDecision
from advisor.review.dossier.dossier_record import Dossier
from advisor.review.people.people import People, distinct_names
from advisor.rules.schema.approval import CheckItem
from advisor.ui.dossier.form_fields import KEEP, place, value, wrong
from advisor.ui.session import store
from advisor.ui.widgets import press

TICKS = {"yes": "Yes", "no": "No", "not_applicable": "Does not apply"}
MOST = 20
"""Conditions of one decision."""
MINUTES = float(DecisionRequest.model_fields["minutes"].default)


def vote(read: Dossier, action: Action) -> None:
    """Draw everything that a vote needs beside a reason."""
    if action is Action.OVERRIDE:
        override(read)
    st.markdown("**Checklist.** Anything but a yes needs a note.")
    for name, item in read.view.checklist.items():
        tick(read, name, item)
    limits(read, action)
    conditions(read, action)


def tick(read: Dossier, name: str, item: CheckItem) -> None:
    """Draw one line of the checklist."""
    ask, answers = st.columns([3, 2], vertical_alignment="center")
    ask.markdown(f"{plain(item.ask)}  \n:small[{plain(item.why)}]")
    with answers:
        given = st.radio(
            item.ask, TICKS, index=None, horizontal=True, format_func=TICKS.__getitem__,
            key=place(read, f"tick/{name}"), label_visibility="collapsed", **KEEP,
        )  # fmt: skip
    if given and given != "yes":
        st.text_input(
            f"Note: why is it “{TICKS[given].lower()}”?", key=place(read, f"note/{name}"),
            max_chars=4_000, **KEEP,
        )  # fmt: skip
    wrong(read, f"checklist.{name}")


def override(read: Dossier) -> None:
    """Draw what stands in for a veto that is set aside."""
    for name, label in (
        ("accepted_risk", "Which risk is accepted? (at least 40 characters)"),
        ("control", "What is done to hold it down? (at least 40 characters)"),
    ):
        st.text_area(label, key=place(read, name), max_chars=4_000, height=80, **KEEP)
        wrong(read, f"override.{name}")


def limits(read: Dossier, action: Action) -> None:
    """Draw the end of an approval, and the limits of a pilot."""
    cells = st.columns(3)
    with cells[0]:
        ends(read, action)
    if read.view.stage != "pilot":
        return
    with cells[1]:
        st.number_input(
            "Minutes it may take", 1.0, 10_080.0, value=MINUTES, step=10.0,
            key=place(read, "minutes"), format="%.0f", **KEEP,
        )  # fmt: skip
        wrong(read, "minutes")
    with cells[2]:
        st.number_input(
            "Operations of training at most", 1.0, 1e30, value=read.view.compute,
            key=place(read, "compute"), format="%.2e", **KEEP,
        )  # fmt: skip
        wrong(read, "compute")


def ends(read: Dossier, action: Action) -> None:
    """Draw the last day, filled in except for an override, which must say its own."""
    longest = next(button.last_day for button in read.view.buttons if button.move.action is action)
    key, today = place(read, f"expires/{action}"), datetime.now(UTC).date()
    longest = longest or today
    if (held := st.session_state.get(key)) and not today <= held <= longest:
        del st.session_state[key]
    st.date_input(
        f"Last day (at most {day_words(longest)})",
        None if action is Action.OVERRIDE else longest,
        min_value=today, max_value=longest, key=key, **KEEP,
    )  # fmt: skip
    wrong(read, "expires")


def rows(read: Dossier) -> list[str]:
    """Return the rows of conditions, each by a name that stays when another one goes."""
    held: list[str] = st.session_state.setdefault(place(read, "rows"), [])
    return held


def conditions(read: Dossier, action: Action) -> None:
    """Draw the conditions, each with who does it and by when."""
    st.markdown("**Conditions.** None is needed; each has a person and a day.")
    known = distinct_names(People(store()).all())
    for number, row in enumerate(rows(read), start=1):
        condition(read, action, known, row, number)
    if len(rows(read)) < MOST:
        press("Add a condition", add, read, key=place(read, "add"), icon=":material/add:")


def add(read: Dossier) -> None:
    """Add an empty row."""
    rows(read).append(secrets.token_hex(4))


def condition(read: Dossier, action: Action, known: dict[str, str], row: str, number: int) -> None:
    """Draw one condition."""
    with st.container(border=True):
        st.text_input(
            f"Condition {number}: what is to be done", key=place(read, f"what/{row}"),
            max_chars=4_000, **KEEP,
        )  # fmt: skip
        wrong(read, f"conditions.#{number}.what")
        who, when, away = st.columns([3, 2, 1], vertical_alignment="bottom")
        with who:
            st.selectbox(
                f"Who does it ({number})", list(known), index=None, placeholder="Choose a person",
                format_func=known.__getitem__, key=place(read, f"owner/{row}"), **KEEP,
            )  # fmt: skip
            wrong(read, f"conditions.#{number}.owner")
        with when:
            st.date_input(
                f"By when ({number})", None, min_value=datetime.now(UTC).date(),
                max_value=value(read, f"expires/{action}"), key=place(read, f"due/{row}"), **KEEP,
            )  # fmt: skip
            wrong(read, f"conditions.#{number}.due")
        with away:
            press("Remove", rows(read).remove, row, key=place(read, f"away/{row}"))


def typed(read: Dossier, action: Action) -> TypedDecision:
    """Return what stands in the form."""
    reason, number = value(read, "reason") or "", value(read, "number") or ""
    if action not in VOTES:
        return TypedDecision(action, reason, {})
    pilot = read.view.stage == "pilot"
    return TypedDecision(
        action=action,
        reason=reason,
        ticks={
            name: (value(read, f"tick/{name}"), value(read, f"note/{name}") or "")
            for name in read.view.checklist
        },
        conditions=tuple(
            TypedCondition(
                value(read, f"what/{row}") or "", value(read, f"owner/{row}"), due(read, row)
            )
            for row in rows(read)
        ),
        expires=value(read, f"expires/{action}"),
        minutes=value(read, "minutes") if pilot else None,
        compute=value(read, "compute") if pilot else None,
        accepted_risk=value(read, "accepted_risk") or "",
        control=value(read, "control") or "",
        number=number,
    )


def due(read: Dossier, row: str) -> date | None:
    """Return the day by which a condition is to be met."""
    day: date | None = value(read, f"due/{row}")
    return day
