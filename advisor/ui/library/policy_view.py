"""What stands beside the rules: questions, remedies, what an approval needs, sources."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import (
    MODES,
    counted,
    days,
    days_a_month,
    percent,
    percent_range,
    start,
)
from advisor.rules import RuleBook
from advisor.rules.schema.rule_schema import Question, RemedyCard
from advisor.ui.widgets import bullets, text_table


def questions(book: RuleBook) -> None:
    """Show every question with its answers, how common each is, and who uses it."""
    needed = [rule.needs for rule in book.evidence] + [rule.needs for rule in book.vetoes]
    used = [name for names in needed for name in names]
    st.markdown("The shares say how often an answer is expected; they decide what is asked first.")
    text_table(
        ("Question", "Answers", "Used by"),
        [
            (question.ask, likely(question), counted(used.count(name), "rule"))
            for name, question in book.questions.items()
        ],
    )


def likely(question: Question) -> str:
    """Return the answers of a question with their shares."""
    names = question.likely or dict.fromkeys(question.options)
    return ", ".join(
        f"{question.labels.get(name, name)}{'' if share is None else f': {percent(share)}'}"
        for name, share in names.items()
    ) or (f"a number ({question.unit})" if question.unit else "a number")


def remedy(card: RemedyCard, book: RuleBook) -> None:
    """Show what a remedy fixes, with sources, and what it costs."""
    st.markdown(
        f"{plain(card.meaning)}\n\nTo build: **{days(card.build_days)}**. To keep: "
        f"**{days_a_month(card.keep_days_per_month)}**. It pays for itself from "
        f"**{percent(card.overhead)}** of the failures fixed.\n\n{plain(card.stop)}"
    )
    text_table(
        ("Kind of failure", "Fixes, where nothing else is known", "Source"),
        [
            (start(MODES[fix.mode]), percent_range(fix.share), book.sources[fix.source].title)
            for fix in card.fixes
        ],
    )


def remedies(book: RuleBook) -> None:
    """Show every remedy."""
    for card in book.remedies.values():
        with st.expander(card.name):
            remedy(card, book)


def approval(book: RuleBook) -> None:
    """Show what an approval needs: tiers, what raises them, what forbids, what is ticked off."""
    if book.approval is None:
        st.info("There is no `rules/approval.yaml`, so nothing can be reviewed.")
        return
    policy = book.approval
    text_table(
        ("Tier", "For what", "People: pilot, adoption", "Decided within", "An approval lasts"),
        [
            (
                tier.name,
                tier.meaning,
                f"{tier.pilot_people}, {tier.adoption_people}"
                + (", one of them from risk" if tier.one_from_risk else ""),
                counted(tier.decide_within, "day"),
                counted(tier.months, "month"),
            )
            for tier in policy.tiers.values()
        ],
    )
    st.header("What raises the tier")
    raised = [rule.record for rule in policy.raises]
    bullets(f"**{plain(item.title)}** ({item.tier}): {plain(item.because)}" for item in raised)
    st.header("What forbids an approval")
    bullets(
        f"**{plain(item.title)}.** {plain(item.because)} Instead: {plain(item.instead)}"
        + (" The risk role may override it." if item.override else "")
        for item in (rule.record for rule in policy.vetoes)
    )
    st.header("What a reviewer ticks off")
    bullets(f"**{plain(item.ask)}** {plain(item.why)}" for item in policy.checklist)


def sources(book: RuleBook) -> None:
    """Show every source with what was found there."""
    bullets(
        f"**{plain(source.title)}** ({source.basis}): {plain(source.finding)}"
        + (f" [{plain(source.link)}]({source.link})" if source.link else "")
        for source in book.sources.values()
    )
