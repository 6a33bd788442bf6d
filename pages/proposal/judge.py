"""A second opinion: a language model reads the failures; what that costs, and who agrees."""

from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import InputError
from advisor.failures.second_opinion.advised_reader import advice_on
from advisor.failures.second_opinion.ask import (
    OpinionJob,
    OpinionModel,
    job_of,
    judge_model,
    start_asking,
)
from advisor.failures.second_opinion.injection_flags import talk
from advisor.failures.second_opinion.report import (
    ComparedReading,
    agreement,
    agreement_chart,
    agreement_words,
    compared,
    estimate_words,
)
from advisor.presentation.wording import MODES, counted, percent, roughly
from advisor.proposal import Draft, Failure
from advisor.store import Stored
from advisor.ui.assessing import read_with_progress, tools
from advisor.ui.navigation import link, steps
from advisor.ui.session import current
from advisor.ui.widgets import attempt, bullets, figure, press

ROWS = 100
SETTINGS = """
To use one, set these before the advisor starts. Any OpenAI-compatible service will do, also one on
this machine.

- `ADVISOR_ENDPOINT_URL`: the address of the service, such as `https://models.example.org/v1`
- `ADVISOR_ENDPOINT_MODEL`: the name of the model there
- `ADVISOR_ENDPOINT_KEY`: the key, if the service needs one; it is never shown
- `ADVISOR_ENDPOINT_PRICE_IN` and `ADVISOR_ENDPOINT_PRICE_OUT`: the price of a million tokens sent
  and answered, to see the cost before
"""


def configured() -> OpinionModel | None:
    """Return the model to ask; without one, say how to have one."""
    try:
        if model := judge_model():
            return model
        st.info("No language model is set up for this. Everything works without one.")
    except InputError as error:
        st.error(plain(str(error)))
    st.markdown(SETTINGS)
    return None


def rows_of(draft: Draft, model: OpinionModel) -> list[ComparedReading]:
    """Return what both say, those first on which they differ most."""
    advice = advice_on(draft.failures, model.endpoint.model)
    asked = [failure for failure in draft.failures if failure.id in advice]
    rows = compared(tools().classifier.read(asked), advice, draft.corrections)
    return sorted(rows, key=lambda row: (row.same_cause, row.same_mode))


def show_agreement(rows: list[ComparedReading]) -> None:
    """Draw who agrees with whom, and each failure both read."""
    agreed = agreement(rows)
    words = agreement_words(agreed)
    st.markdown(f"**{words}**")
    figure(agreement_chart(agreed), words)
    with st.expander("Failure by failure, differences first", expanded=len(rows) <= 10):
        bullets(map(line_of, rows[:ROWS]))
        if len(rows) > ROWS:
            st.markdown(f"The first {ROWS} of {len(rows):,}.")


def line_of(row: ComparedReading) -> str:
    """Return one failure as an item of a list: who says what."""
    said, ours = row.advice.verdict, f"**{MODES[row.reading.mode]}**"
    ours += ", not sure" if row.reading.abstained else ""
    person = f" A person: **{MODES[row.person]}**." if row.person else ""
    return (
        f"{plain(row.reading.id)[:200]}. The advisor alone: {ours}. "
        f"The model: **{MODES[said.mode]}**, {percent(said.sure)} sure: “{plain(said.because)}”"
        f"{person}"
    )


def show_ended(job: OpinionJob) -> None:
    """Say how the last run went."""
    if job.failed:
        st.error(plain(job.failed))
    elif job.refused:
        st.warning(f"{counted(len(job.refused), 'question')} without an answer that counts.")
        bullets(plain(why) for why in sorted(set(job.refused))[:5])
    elif job.stopped:
        st.info(f"Stopped. {counted(job.done, 'answer')} kept; the rest can be asked later.")
    else:
        st.success(f"{counted(job.done, 'answer')} kept.")


@st.fragment(run_every="1s")
def follow(id: str) -> None:
    """Show how far the questions are; once they are done, draw the page again."""
    job = job_of(id)
    if not job or not job.running:
        st.rerun()
    left = f"{roughly(job.seconds_left)} left" if job.seconds_left else "starting"
    st.progress(
        job.done / max(1, job.total), f"{job.done:,} of {counted(job.total, 'answer')}, {left}"
    )
    press("Stop", job.stop, key="stop-judge", icon=":material/stop_circle:")
    st.markdown("You may leave this page; what is answered is kept.")


def unsure(draft: Draft) -> list[Failure]:
    """Return the failures that the advisor alone is unsure of and nobody has corrected."""
    kit = tools()
    read_with_progress(kit, draft)
    readings = kit.classifier.read(draft.failures, draft.corrections)
    pairs = zip(draft.failures, readings, strict=True)
    return [failure for failure, reading in pairs if reading.abstained]


def show_asking(stored: Stored, model: OpinionModel) -> None:
    """Let the person choose failures, show the cost, and ask."""
    doubtful, failures = unsure(stored.draft), stored.draft.failures
    choices = {
        f"What the advisor is unsure of ({len(doubtful):,})": doubtful,
        f"All ({len(failures):,})": list(failures),
    }
    chosen = choices[st.radio("Which failures?", list(choices), horizontal=True, key="which")]
    estimate = model.estimate(chosen)
    bullets(map(plain, estimate_words(estimate, model.endpoint)))
    if not estimate.requests:
        return
    st.markdown(
        f"Their texts are sent to **{plain(model.endpoint.host)}**. "
        "Ask only if they may leave this machine."
    )
    press(
        f"Ask about {counted(estimate.requests, 'failure')}",
        lambda: attempt(start_asking, stored.id, model, chosen),
        key="ask-judge",
        type="primary",
    )


def show_flagged(failures: Sequence[Failure]) -> None:
    """List the failures whose texts talk to the judge, with the words found."""
    flagged = [(failure, words) for failure in failures if (words := talk(failure))]
    if flagged:
        st.subheader(f"{counted(len(flagged), 'failure')} left out")
        st.markdown("Their texts talk to whoever judges them, so an answer would not be its own.")
        bullets(
            f"{plain(failure.id or '')[:200]}: {', '.join(f'“{plain(said)}”' for said in words)}"
            for failure, words in flagged[:ROWS]
        )


def show(stored: Stored, model: OpinionModel) -> None:
    """Draw the page for a model that can be asked."""
    if rows := rows_of(stored.draft, model):
        show_agreement(rows)
    job = job_of(stored.id)
    st.subheader("Ask")
    if job and job.running:
        follow(stored.id)
    else:
        if job:
            show_ended(job)
        show_asking(stored, model)
    show_flagged(stored.draft.failures)


stored = current()
steps(stored, "failures")
st.header("Second opinion")
st.markdown(
    "A language model can read the failures too. It is one more hint with a limited say: people's "
    "corrections win, and nothing needs it."
)
if not stored.draft.failures:
    st.info("There are no failures to read yet.")
elif model := configured():
    show(stored, model)
link(stored, "failures", "Back to the failures", ":material/arrow_back:")
