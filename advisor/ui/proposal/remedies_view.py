"""What each set of remedies would fix and cost, and what is ruled out."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.assessment import Assessment, Option
from advisor.presentation.chart_data import option_note
from advisor.presentation.wording import (
    combination_words,
    days,
    days_a_month,
    forbidden,
    percent_range,
    start,
)
from advisor.rules import RuleBook
from advisor.ui.proposal import grounds, pictures
from advisor.ui.widgets import NO_BREAK, text_table


def at_a_glance(option: Option) -> None:
    """Show what the recommended set would fix and cost."""
    facts = {
        "Would fix": percent_range(option.expected_fixed),
        "To build": days(option.build_days),
        "To keep": days_a_month(option.keep_days_per_month),
    }
    with st.container(horizontal=True, border=True, key="glance"):
        for name, value in facts.items():
            st.markdown(f"{name}  \n**{value}**", width="content")


def remedies(result: Assessment, book: RuleBook) -> None:
    """Show what each set of remedies would fix and cost, and what is ruled out."""
    chart, table = st.columns([2, 3], gap="large")
    with chart:
        pictures.draw("options", result)
    with table:
        text_table(
            ("Remedies", "Would fix", "To build", "To keep"),
            [_row(option, result) for option in result.ranking],
        )
        st.markdown(
            "Shares are of failures like yours; the range holds in 8 of 10 cases. Effort is in "
            "working days of one person."
        )
    for veto in result.vetoes:
        name = start(forbidden(veto.forbids, veto.unless_with, result.other))
        with st.expander(plain(f"{name} is ruled out: {veto.title}"), icon=":material/block:"):
            st.markdown(f"{plain(veto.because)}\n\n**Instead:** {plain(veto.instead)}")
            grounds.basis(veto.given, veto.source, book)


def _row(option: Option, result: Assessment) -> tuple[str, ...]:
    return (
        start(combination_words(option.remedies)) + option_note(option, result),
        percent_range(option.expected_fixed).removeprefix("about ").replace(" %", NO_BREAK),
        days(option.build_days),
        days_a_month(option.keep_days_per_month),
    )
