"""The recommendation: the answer first, then the reasons, the doubts and the plan."""

import json
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.documents import WRITERS
from advisor.domain.assessment import Assessment
from advisor.domain.comparison import VerdictOutcome
from advisor.pilot.comparing.comparison_words import VERDICT_WORDS
from advisor.presentation.file_names import FORMATS, file_name
from advisor.presentation.wording import (
    REPEATABLE,
    combination_words,
    forbidden,
    request_words,
    start,
    trials,
    verdict,
)
from advisor.rules import RuleBook
from advisor.store import Stored
from advisor.ui.assessing import assess, tools
from advisor.ui.navigation import link, steps
from advisor.ui.proposal import grounds, pictures
from advisor.ui.proposal.failures_view import failures
from advisor.ui.proposal.remedies_view import at_a_glance, remedies
from advisor.ui.screens import go_to
from advisor.ui.session import current, local_time, store
from advisor.ui.widgets import bullets, download, tabs
from advisor.vocabulary import Remedy

WHEN = {"first": "First", "this week": "This week", "then": "Then", "stop": "When to stop"}


def answer_first(stored: Stored, result: Assessment) -> None:
    """Show the answer, how firm it is, and whether it agrees with what was asked for."""
    words = combination_words(result.recommendation, result.other)
    st.header(f"Best guess: {plain(words)}" if result.abstained else plain(start(words)))
    st.markdown(plain(result.headline))
    if result.abstained:
        unsettled(stored, result)
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


def unsettled(stored: Stored, result: Assessment) -> None:
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


def trying(stored: Stored) -> None:
    """Show what pilots of this proposal said, and offer a probe and a pilot."""
    noted = store().pilots.verdicts(stored.id)
    with st.container(border=True):
        for verdict in noted[:1]:
            said = VERDICT_WORDS[VerdictOutcome(verdict.outcome)].lower()
            st.markdown(
                f":material/experiment: **A pilot says: {said}.** "
                f"{plain(verdict.because)} ({local_time(verdict.at)})"
            )
            go_to("pilot", "See the pilot", pilot=verdict.pilot)
        if not noted:
            st.markdown("**Find out by trying**, before anyone pays for a project.")
        with st.container(horizontal=True):
            link(stored, "probe", "Probe (minutes)", ":material/science:")
            link(stored, "pilot_new", "Pilot (with 60 examples)", ":material/experiment:")
            if Remedy.FINE_TUNING in (stored.draft.requested or ""):
                link(stored, "review_form", "Submit for review", ":material/fact_check:")


def plan(result: Assessment) -> None:
    """Show what to do first, this week, then, and when to stop."""
    for when, title in WHEN.items():
        lines = [step.text for step in result.plan if step.when == when]
        if lines:
            st.subheader(title)
            st.markdown("\n".join(f"{place}. {plain(text)}" for place, text in enumerate(lines, 1)))


def exports(stored: Stored, result: Assessment, book: RuleBook) -> None:
    """Offer the record in every format, and the proposal for the command line."""

    def document(ending: str) -> bytes:
        return WRITERS[ending](stored.draft, result, book, datetime.now(UTC))

    def proposal() -> str:
        return json.dumps(stored.draft.model_dump(mode="json"), indent=2, ensure_ascii=False)

    st.subheader("Take it with you")
    title, icon = stored.draft.title, ":material/download:"
    with st.container(horizontal=True):
        for ending, (name, _) in FORMATS.items():
            file = file_name("recommendation", title, ending)
            download(name, partial(document, ending), file, icon=icon)
        file = file_name("proposal", title, "json")
        download("Proposal (for the command line)", proposal, file, icon=icon)
    prints = result.fingerprints
    with st.expander("Where this comes from"):
        bullets((
            f"Proposal: version {stored.version}, `{prints.proposal}`",
            f"Rules: `{prints.rules}`",
            f"Classifier: {plain(result.classifier)}, `{prints.classifier}`",
            REPEATABLE,
        ))


stored = current()
book = tools().book
steps(stored, "recommendation")
result = assess(stored)
left, right = st.columns([3, 2], gap="large")
with left:
    answer_first(stored, result)
    at_a_glance(next(best for best in result.ranking if best.remedies == result.recommendation))
with right:
    st.subheader("Behaviour or knowledge?")
    pictures.draw("causes", result)
trying(stored)
tabs({
    "Remedies": partial(remedies, result, book),
    "Reasons": partial(grounds.reasons, stored, result, book),
    "Doubts": partial(grounds.doubts, stored, result, book),
    "Failures": partial(failures, stored, result),
    "Plan": partial(plan, result),
})
exports(stored, result, book)
