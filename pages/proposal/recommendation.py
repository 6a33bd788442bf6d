"""The recommendation: the answer first, then the reasons, the doubts and the plan."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents import WRITERS
from advisor.documents.file_names import FORMATS, file_name
from advisor.documents.record import excerpt
from advisor.domain.assessment import Assessment, FailureReading, Option
from advisor.presentation.chart_data import group_words, option_note
from advisor.presentation.wording import (
    MODES,
    REMEDIES,
    STAGES,
    combination_words,
    counted,
    days,
    days_a_month,
    forbidden,
    percent,
    percent_range,
    request_words,
    start,
    trials,
    verdict,
)
from advisor.proposal import Failure
from advisor.triage.explain import STAGE_STEP
from advisor.ui.assessing import assess, tools
from advisor.ui.navigation import link, steps
from advisor.ui.recommendation import grounds, pictures, trying
from advisor.ui.session import current
from advisor.ui.widgets import bullets

NO_BREAK = "\u00a0%"
LISTED = 10
"""Failures shown of each group; the rest stands on the page of failures."""
EXCERPT = 300
WHEN = {"first": "First", "this week": "This week", "then": "Then", "stop": "When to stop"}

stored = current()
kit = tools()
steps(stored, "recommendation")
result = assess(stored)


def answer_first(result: Assessment) -> None:
    """Show the answer, how firm it is, and whether it agrees with what was asked for."""
    words = combination_words(result.recommendation, result.other)
    st.header(f"Best guess: {plain(words)}" if result.abstained else plain(start(words)))
    st.markdown(plain(result.headline))
    if result.abstained:
        unsettled(result)
    if result.recommendation == "other":
        st.markdown(
            "**None of the three:** neither better prompts, nor retrieval, nor fine-tuning is the "
            "first thing to do here."
        )
    firm = verdict(result.confidence, result.abstained, result.recommendation, result.other)
    st.markdown(f"**How firm:** {plain(f'{firm}. {trials(result.confidence)}')}")
    vetoed = [veto.forbids for veto in result.vetoes]
    asked = request_words(result.requested, result.recommendation, vetoed, result.other)
    st.markdown(plain(asked))
    for veto in result.vetoes:
        name = start(forbidden(veto.forbids, veto.unless_with, result.other))
        st.markdown(f":material/block: **{plain(name)} is ruled out.** {plain(veto.title)}.")
    first = next((step.text for step in result.plan if step.when == "first"), None)
    if first:
        st.markdown(f":material/arrow_forward: **Do first:** {plain(first)}")


def unsettled(result: Assessment) -> None:
    """Say that the answer is a guess, and what would settle it."""
    with st.container(border=True):
        st.markdown(
            ":material/help: **Not settled yet.** There is too little evidence to decide. "
            "This would settle it:"
        )
        bullets(plain(line) for line in result.settle)
        with st.container(horizontal=True):
            link(stored, "questions", "Answer questions", ":material/quiz:")
            link(stored, "failures", "Add failures", ":material/bug_report:")


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


def remedies(result: Assessment) -> None:
    """Show what each set of remedies would fix and cost, and what is ruled out."""
    chart, table = st.columns([2, 3], gap="large")
    with chart:
        pictures.draw("options", result)
    rows = ["| Remedies | Would fix | To build | To keep |", "| --- | --- | --- | --- |"]
    for option in result.ranking:
        cells = (
            start(combination_words(option.remedies)) + option_note(option, result),
            percent_range(option.expected_fixed).removeprefix("about ").replace(" %", NO_BREAK),
            days(option.build_days),
            days_a_month(option.keep_days_per_month),
        )
        rows.append(f"| {' | '.join(plain(cell) for cell in cells)} |")
    table.markdown("\n".join(rows))
    table.markdown(
        "Shares are of failures like yours; the range holds in 8 of 10 cases. Effort is in working "
        "days of one person."
    )
    for veto in result.vetoes:
        name = start(forbidden(veto.forbids, veto.unless_with, result.other))
        with st.expander(plain(f"{name} is ruled out: {veto.title}"), icon=":material/block:"):
            st.markdown(f"{plain(veto.because)}\n\n**Instead:** {plain(veto.instead)}")
            grounds.basis(veto.given, veto.source, kit.book)


def failures(result: Assessment) -> None:
    """Show the failures by group: what each is, how sure, and why."""
    if not result.failures:
        st.info("No failures yet. Five to twenty real ones make the answer much surer.")
        link(stored, "failures", "Add failures", ":material/bug_report:")
        return
    retrieval(result)
    pictures.draw("failures", result)
    texts = {failure.id: failure for failure in stored.draft.failures}
    readings = {reading.id: reading for reading in result.failures}
    for group in result.groups:
        title = f"{group.name}: {group_words(group, result)}"
        with st.expander(plain(f"{title}; best met by {REMEDIES[group.remedy]}")):
            typical = sorted(group.ids, key=lambda name: name != group.example)[:LISTED]
            for name in typical:
                one_failure(texts[name], readings[name])
            if len(group.ids) > LISTED:
                st.markdown(f"And {counted(len(group.ids) - LISTED, 'failure')} more.")
    link(stored, "groups", "See which failures fail alike, on a map", ":material/workspaces:")
    link(stored, "failures", "See and correct every failure", ":material/bug_report:")


def retrieval(result: Assessment) -> None:
    """Say where retrieval that exists already breaks, and what to do about it."""
    if result.retrieval:
        st.subheader("Where your retrieval breaks")
        bullets(
            f"In {counted(count, 'failure')} {STAGES[stage]}. {STAGE_STEP[stage]}"
            for stage, count in result.retrieval.items()
        )


def one_failure(failure: Failure, reading: FailureReading) -> None:
    """Show one failure with its reading."""
    sure = f"{percent(reading.probabilities[reading.mode])} sure"
    if reading.corrected:
        sure = "you said so"
    elif reading.abstained:
        sure = f":material/help: **unsure**, {sure}"
    texts = (
        ("Asked", failure.input),
        ("Got", failure.output),
        ("Wanted", failure.expected),
        ("Comment", failure.note),
    )
    lines = [f"**{plain(reading.id)}**: {MODES[reading.mode]}, {sure}. {plain(reading.why)}"]
    lines += [f"{name}: {plain(excerpt(text, EXCERPT))}" for name, text in texts if text]
    st.markdown("  \n".join(lines))


def plan(result: Assessment) -> None:
    """Show what to do first, this week, then, and when to stop."""
    for when, title in WHEN.items():
        lines = [step.text for step in result.plan if step.when == when]
        if lines:
            st.subheader(title)
            st.markdown("\n".join(f"{place}. {plain(text)}" for place, text in enumerate(lines, 1)))


def document(ending: str) -> bytes:
    """Write the record in one format, as `advisor export` does."""
    return WRITERS[ending](stored.draft, result, kit.book, datetime.now(UTC))


def as_json() -> str:
    """Write the proposal for the command line."""
    return json.dumps(stored.draft.model_dump(mode="json"), indent=2, ensure_ascii=False)


def exports() -> None:
    """Offer the record in every format, and the proposal for the command line."""
    st.subheader("Take it with you")
    with st.container(horizontal=True):
        for ending, (name, mime) in FORMATS.items():
            st.download_button(
                name,
                data=partial(document, ending),
                file_name=file_name("recommendation", stored.draft.title, ending),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
            )
        st.download_button(
            "Proposal (for the command line)",
            data=as_json,
            file_name=file_name("proposal", stored.draft.title, "json"),
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
    prints = result.fingerprints
    with st.expander("Where this comes from"):
        bullets((
            f"Proposal: version {stored.version}, `{prints.proposal}`",
            f"Rules: `{prints.rules}`",
            f"Classifier: {plain(result.classifier)}, `{prints.classifier}`",
            "The same proposal, rules and classifier always give the same recommendation.",
        ))


left, right = st.columns([3, 2], gap="large")
with left:
    answer_first(result)
    at_a_glance(next(one for one in result.ranking if one.remedies == result.recommendation))
with right:
    st.subheader("Behaviour or knowledge?")
    pictures.draw("causes", result)

trying.trying(stored)
parts: dict[str, Callable[[], None]] = {
    "Remedies": lambda: remedies(result),
    "Reasons": lambda: grounds.reasons(stored, result, kit.book),
    "Doubts": lambda: grounds.doubts(stored, result, kit.book),
    "Failures": lambda: failures(result),
    "Plan": lambda: plan(result),
}
for tab, show in zip(st.tabs(list(parts)), parts.values(), strict=True):
    with tab:
        show()
exports()
