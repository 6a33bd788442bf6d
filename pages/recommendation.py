"""The recommendation: the answer first, then the reasons, the doubts and the plan."""

from datetime import UTC, datetime

import streamlit as st

from advisor import charts
from advisor.assessment import Assessment, Given
from advisor.recommend import triage
from advisor.records import WRITERS
from advisor.web import current, page, plain, steps, store, tools
from advisor.wording import (
    MODES,
    REMEDIES,
    STAGES,
    answer_words,
    combination_words,
    days,
    percent,
    percent_range,
    request_words,
    start,
    strength,
)

stored = current()
kit = tools()
steps(stored, "recommendation")
result = triage(stored.draft, kit)
store().note_assessment(
    stored.id,
    stored.version,
    recommendation=result.recommendation,
    confidence=result.confidence,
    abstained=result.abstained,
    fingerprints=result.fingerprints.model_dump(),
)
pictures = {picture.id: picture for picture in charts.ALL}
WHEN = {"first": "First", "this week": "This week", "then": "Then", "stop": "Stop when"}


def draw(name: str) -> None:
    """Show one picture with its words."""
    picture = pictures[name]
    if picture.shown(result):
        st.altair_chart(picture.draw(result), alt=picture.alt(result))
        st.markdown(picture.caption)


def said(given: Given) -> str:
    """Return one condition with the user's own value."""
    words = answer_words(given.answer, kit.book.questions[given.question])
    source = "read from your words, not confirmed" if given.suggested else "you said"
    return f"{plain(given.ask)} {source}: **{plain(words)}**"


def answer_first(result: Assessment) -> None:
    """Show the sentence, how sure it is, and whether it agrees with what was asked for."""
    st.header(start(combination_words(result.recommendation)))
    (st.warning if result.abstained else st.success)(plain(result.headline))
    st.markdown(
        f"It came out ahead in **{percent(result.confidence)}** of our trials, in which the failures "
        "and the published figures were varied within their ranges."
    )
    if result.other:
        st.markdown(f"**None of the three alone.** What helps here: {plain(result.other)}.")
    vetoed = [veto.forbids for veto in result.vetoes]
    st.markdown(request_words(result.requested, result.recommendation, vetoed))
    for line in result.settle:
        st.markdown(f"- {plain(line)}")


answer_first(result)
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Behaviour or knowledge?")
    draw("causes")
with right:
    st.subheader("What each remedy would fix")
    draw("options")

st.dataframe(
    [
        {
            "Remedy": start(combination_words(option.remedies)),
            "Expected to fix": percent_range(option.expected_fixed),
            "To build": days(option.build_days),
            "To keep": days(option.keep_days_per_month),
            "Ahead in": percent(option.wins),
            "Ruled out by": ", ".join(option.vetoed_by),
        }
        for option in result.ranking
    ],
    hide_index=True,
    alt="What each set of remedies would fix, cost to build and to keep",
)
for veto in result.vetoes:
    st.error(
        f"**{REMEDIES[veto.forbids]} is ruled out.** {plain(veto.because)} {plain(veto.instead)}"
    )

reasons, doubts, cases, plan = st.tabs(["Reasons", "Doubts", "Your failures", "The plan"])
with reasons:
    if result.evidence:
        draw("reasons")
    else:
        st.info("No reasons yet. Answer a few questions.")
    for item in result.evidence:
        with st.expander(f"{item.title} ({strength(item.weight)})"):
            st.markdown(plain(item.because))
            st.markdown("\n".join(f"- {said(given)}" for given in item.given))
            link = f" [{item.source.link}]({item.source.link})" if item.source.link else ""
            st.markdown(f"Source: {plain(item.source.title)}.{link}")
            if not item.counted:
                st.markdown("Not counted: a stronger reason on the same topic is.")
with doubts:
    st.subheader("The strongest case against")
    st.markdown("\n".join(f"- {plain(line)}" for line in result.case_against))
    st.subheader("Single answers that would change it")
    if not result.flips:
        st.markdown("None. No single answer changes this recommendation.")
    for flip in result.flips:
        question = kit.book.questions[flip.question]
        st.markdown(
            f"- {plain(flip.ask)} **{plain(answer_words(flip.answer, question))}** instead of "
            f"{plain(answer_words(flip.given, question))} → "
            f"{combination_words(flip.recommendation)}"
        )
    st.subheader("What is unknown")
    for item in result.next_questions[:8]:
        could = ", ".join(combination_words(name) for name in item.could_change_to)
        st.markdown(f"- {plain(item.ask)}" + (f" Could change it to {could}." if could else ""))
with cases:
    if not result.failures:
        st.info("No failures yet. Five to twenty real ones make the answer much surer.")
        st.page_link(page("failures"), label="Add failures", query_params={"p": stored.id})
    else:
        draw("failures")
    for stage, count in result.retrieval.items():
        st.markdown(f"- In {count} failures {STAGES[stage]}.")
    by_id = {reading.id: reading for reading in result.failures}
    texts = {failure.id: failure for failure in stored.draft.failures}
    for group in result.groups:
        title = f"{start(group.name)}: {len(group.ids)} failures, {percent(group.certainty)} sure"
        with st.expander(f"{title}, best met by {REMEDIES[group.remedy]}"):
            st.dataframe(
                [
                    {
                        "Case": name,
                        "Wanted": texts[name].expected,
                        "Got": texts[name].output,
                        "Comment": texts[name].note,
                        "Reads as": MODES[by_id[name].mode]
                        + (" (unsure)" if by_id[name].abstained else ""),
                        "Why": by_id[name].why,
                    }
                    for name in group.ids[:200]
                ],
                hide_index=True,
                alt=f"Failures that read as {group.name}",
            )
with plan:
    for when in WHEN:
        lines = [step.text for step in result.plan if step.when == when]
        if lines:
            st.subheader(WHEN[when])
            st.markdown("\n".join(f"1. {plain(line)}" for line in lines))

st.subheader("Take it with you")
with st.container(horizontal=True):
    for ending, write in WRITERS.items():
        st.download_button(
            ending.upper(),
            data=lambda write=write: write(stored.draft, result, kit.book, datetime.now(UTC)),
            file_name=f"recommendation.{ending}",
            on_click="ignore",
        )
prints = result.fingerprints
st.markdown(
    f"Proposal `{prints.proposal[:12]}` · rules `{prints.rules[:12]}` · "
    f"classifier `{prints.classifier[:12]}` · version {stored.version}"
)
