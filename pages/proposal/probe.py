"""Probe: ask the failures again with one thing changed; what mends them tells the cause."""

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import InputError
from advisor.models.endpoint import configured
from advisor.pilot.probing.judge_opinion import judge_model
from advisor.pilot.probing.probe_cache import KeptProbe, kept_probes, result_of
from advisor.pilot.probing.probe_chart import alt_text, picture
from advisor.pilot.probing.probe_job import ProbeJob, job_of, start
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.pilot.probing.probe_records import CHANGE_WORDS, ProbeResult
from advisor.pilot.probing.probe_words import decided, doubts, headline, why
from advisor.presentation.wording import CAUSES, counted, roughly
from advisor.proposal import Failure
from advisor.store import Stored
from advisor.ui.navigation import link, steps
from advisor.ui.session import current
from advisor.ui.widgets import attempt, bullets, figure, press

LISTED = 30
EXCERPT = 400

Kept = Mapping[str, KeptProbe]
"""What was found about failures, by their key."""


def show_result(stored: Stored, able: Sequence[Failure], kept: Kept, result: ProbeResult) -> None:
    """Draw the answer first, then what each change mended, then each failure."""
    st.subheader(plain(headline(result)))
    figure(picture(result), alt_text(result))
    bullets(map(plain, doubts(result)))
    link(stored, "recommendation", "The recommendation counts it", ":material/balance:")
    st.subheader("Failure by failure")
    st.markdown("Was an answer judged wrongly? Tick what is right; your word counts.")
    for failure in able[:LISTED]:
        if failure.key in kept:
            show_failure(failure, kept[failure.key])
    if len(able) > LISTED:
        st.markdown(f"The first {LISTED} of {len(able):,}. `advisor probe` prints all.")


def show_failure(failure: Failure, probed: KeptProbe) -> None:
    """Draw what became of one failure, each answer with who judged it."""
    cause = CAUSES[probed.found.cause] if probed.found.cause else "open"
    because = plain(why(probed.found, probed.own_model))
    with st.expander(f"{plain(failure.id or '')}: {cause}. {because}"):
        st.markdown(f"**Asked:** {plain((failure.input or '')[:EXCERPT])}")
        st.markdown(f"**Wanted:** {plain((failure.expected or '')[:EXCERPT])}")
        for place, answer in enumerate(probed.found.tries):
            st.checkbox(
                f"**{CHANGE_WORDS[answer.change].title}:** {plain(answer.text[:EXCERPT])} "
                f"({plain(decided(answer))})",
                value=bool(answer.right),
                key=f"tick-{probed.found.key}-{place}-{probed.at}",
                on_change=tick,
                args=(failure, place, not answer.right),
            )


def tick(failure: Failure, place: int, right: bool) -> None:
    """Note a person's word."""
    attempt(kept_probes().tick, failure, place, right)


@st.fragment(run_every="1s")
def follow(id: str) -> None:
    """Show how far it is; once it is done, draw the page again."""
    job = job_of(id)
    if not job or not job.running:
        st.rerun()
    left = f"{roughly(job.seconds_left)} left" if job.seconds_left else "loading the model"
    done, total = job.done, job.total
    st.progress(min(1.0, done / max(1, total)), f"{done} of {counted(total, 'failure')}, {left}")
    press("Stop", job.stop, key="stop-probe", icon=":material/stop_circle:")
    st.markdown("You may leave this page; what is found is kept.")


def show_ended(job: ProbeJob) -> None:
    """Say how the last run went."""
    if job.said:
        st.error(plain(job.said))
    elif job.stopped:
        st.info("Stopped. What was found so far is kept.")


def show_start(stored: Stored, failures: int, again: bool) -> None:
    """Say who is asked, and offer to begin."""
    try:
        endpoint, judge = configured(), judge_model(stored.draft.current.prompt or "")
    except InputError as error:
        st.error(plain(str(error)))
        return
    if endpoint:
        st.markdown(
            f"Asked is your own model, **{plain(endpoint.model)}**. The texts of the failures are "
            f"sent to **{plain(endpoint.host)}**; begin only if they may leave this machine. "
            f"There **{plain(judge.name if judge else '')}** also judges answers that no exact "
            "measure can decide."
        )
    else:
        st.markdown(
            "Asked is a small model on this machine, which stands in for yours. "
            "`ADVISOR_ENDPOINT_URL` and `ADVISOR_ENDPOINT_MODEL` name your own."
        )
    label = "Probe again" if again else f"Probe {counted(failures, 'failure')}"
    press(label, lambda: attempt(start, stored.id, stored.draft), key="probe", type="primary")


def show(stored: Stored, able: Sequence[Failure]) -> None:
    """Draw the page for failures that can be asked again."""
    kept = kept_probes().of(stored.draft.failures)
    job = job_of(stored.id)
    if job and job.running:
        follow(stored.id)
    else:
        if job:
            show_ended(job)
        show_start(stored, len(able), bool(kept))
    if result := result_of(kept, able):
        show_result(stored, able, kept, result)


stored = current()
steps(stored, "failures")
st.header("Probe")
st.markdown(
    "Each failure is asked again with one thing changed: as it was, with what is wanted said "
    "plainly, with examples, with the missing fact, with the form enforced. What mends it tells "
    "why it failed. It takes minutes, and trains nothing."
)
if able := ProbeMaterial.of(stored.draft).failures:
    show(stored, able)
else:
    st.info("A failure can be asked again when it has an input and a wanted answer. None has yet.")
link(stored, "failures", "Back to the failures", ":material/arrow_back:")
