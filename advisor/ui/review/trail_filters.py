"""Which rows of the trail are wanted: the filters and the page, all of which stand in the URL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from advisor.review.audit.trail_words import NOBODY, WORDS, title_of
from advisor.store.database.audit_trail import TrailQuery
from advisor.ui.session import names

ROWS = 50


def filters() -> TrailQuery:
    """Draw the filters, which stand in the URL, and return what they ask for."""
    people = names() | dict(NOBODY)
    left, middle, right = st.columns(3)
    proposal = left.text_input("Proposal (its id)", **kept("proposal", given("proposal")))
    person = middle.selectbox(
        "Person", ["", *sorted(people, key=lambda id: people[id].casefold())],
        format_func=lambda id: people.get(id, "Anybody"), **chosen("person", people),
    )  # fmt: skip
    action = right.selectbox(
        "What", ["", *sorted(WORDS, key=title_of)],
        format_func=lambda name: title_of(name) if name else "Anything", **chosen("action", WORDS),
    )  # fmt: skip
    first, last = st.columns(2)
    since = first.date_input("From", **kept("from", day("from")))
    until = last.date_input("To, that day included", **kept("to", day("to")))
    return TrailQuery(
        proposal.strip() or None, person or None, action or None, moment_of(since, 0), ROWS,
        moment_of(until, 1), before(),
    )  # fmt: skip


def given(name: str) -> str:
    """Return what the URL says about a filter."""
    return str(st.query_params.get(name, ""))


def day(name: str) -> date | None:
    """Return the day that the URL names, if it is one."""
    try:
        return date.fromisoformat(given(name))
    except ValueError:
        return None


def kept(name: str, value: str | date | None) -> dict[str, Any]:
    """Return what makes a filter begin as the URL says, and stand in it from then on."""
    return {"value": value, "key": f"filter-{name}", "on_change": keep, "args": (name,)}


def chosen(name: str, known: Collection[str]) -> dict[str, Any]:
    """Return the same for a choice, which begins empty where the URL names nothing known."""
    looks = kept(name, None)
    del looks["value"]
    st.session_state.setdefault(looks["key"], given(name) if given(name) in known else "")
    return looks


def keep(name: str) -> None:
    """Put a filter into the URL; the newest rows that fit come first."""
    value = st.session_state[f"filter-{name}"]
    turn(None)
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = str(value)


def moment_of(day: date | None, later: int) -> datetime | None:
    """Return the first moment of a day, or of one that comes later, in UTC."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=later)


def before() -> int | None:
    """Return the row before which the page begins, as the URL says."""
    text = st.query_params.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def turn(seq: int | None) -> None:
    """Go to the rows before one, or to the newest."""
    st.query_params.pop("before", None)
    if seq is not None:
        st.query_params["before"] = str(seq)
