"""Conditions of approvals that hold: who must do what by when, and a reviewer's word that it is."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import day_words
from advisor.review.queue.open_conditions import OpenConditions, list_open_conditions
from advisor.review.queue.upkeep import meet
from advisor.store.people.people import Person
from advisor.store.review.decisions import OpenCondition
from advisor.ui.screens import go_to
from advisor.ui.session import store
from advisor.ui.widgets import attempt, press

SHOWN = 20


def conditions(reader: Person, judge: bool) -> None:
    """Draw open conditions, those due first; nothing where there are none.

    What is folded is not sent: twenty conditions are over a hundred messages.
    """
    terms = list_open_conditions(store(), SHOWN)
    if not terms.total:
        return
    late = f", {terms.overdue:,} overdue" if terms.overdue else ""
    label = f"Conditions of approvals: {terms.total:,} open{late}"
    fold = st.expander(
        label, expanded=bool(terms.overdue), on_change="rerun", key="queue-conditions"
    )
    if not fold.open:
        return
    with fold:
        st.markdown(
            "While a condition is overdue, the approval does not count. Its owner does it; a "
            "reviewer who had no part in the proposal says that it is met."
        )
        for term in terms.terms:
            draw(term, terms, reader if judge else None)
        if terms.total > len(terms.terms):
            st.markdown(f"{terms.total - len(terms.terms):,} more are due later.")


def draw(term: OpenCondition, terms: OpenConditions, judge: Person | None) -> None:
    """Draw one condition."""
    with st.container(border=True):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            title = plain(term.title or "Untitled")
            go_to("dossier", f"**{title}**", p=term.proposal)
            late = " **(overdue)**" if term.due < terms.today else ""
            owner = plain(terms.names[term.owner])
            st.markdown(f"{plain(term.what)}  \n{owner}, by {day_words(term.due)}{late}")
        if judge:
            with right:
                key = f"meet-{term.decision}-{term.place}"
                press("Mark as met", mark, term, judge.id, key=key)


def mark(term: OpenCondition, judge: str) -> None:
    """Write down that a condition is met, once."""
    attempt(meet, store(), term.decision, term.place, judge, secrets.token_hex(8))
