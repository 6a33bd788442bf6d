"""The evidence of a dossier: failures, probe, pilot, and what has no result yet."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.pilot.comparing.comparison_words import contrast_words, verdict_title
from advisor.pilot.probing.probe_words import headline, line_of
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.wording import MODES, counted, percent, percent_range, roughly, start
from advisor.review.dossier.dossier_record import Dossier, Trial
from advisor.review.dossier.dossier_words import operations
from advisor.ui.navigation import link
from advisor.ui.pilots.verdict_view import finding_words, scores
from advisor.ui.screens import go_to
from advisor.ui.session import local_time
from advisor.ui.widgets import bullets, record_table

LISTED = 4
"""Comparisons and checks that are shown at once."""
SAYS = {
    "confirmed": "It confirms fine-tuning.",
    "contradicted": "It speaks against fine-tuning.",
    "inconclusive": "It does not settle whether fine-tuning is better.",
    "another way": "It is about another way, so it says nothing for fine-tuning.",
}


def evidence(read: Dossier) -> None:
    """Draw what has no result first, then what has."""
    st.header("Evidence", anchor="evidence")
    with st.container(border=True):
        st.markdown("**No result yet, and what that blocks**")
        bullets(f"{plain(gap.part)}. Blocks: {plain(gap.blocks)}." for gap in read.gaps)
    left, right = st.columns(2, gap="large")
    with left:
        failures(read)
    with right:
        probe(read)
    trial(read)


def failures(read: Dossier) -> None:
    """Draw how many failures are of which kind."""
    total = len(read.stored.draft.failures)
    st.subheader(f"What goes wrong ({counted(total, 'failure')})")
    if not read.modes:
        st.markdown("No failure is shown.")
        return
    record_table([
        {
            "Kind": start(MODES[kind.mode]),
            "Surely": str(kind.count),
            "Share, with its range": percent_range(kind.share),
        }
        for kind in read.modes
    ])
    unsure = total - sum(kind.count for kind in read.modes)
    told = f"{unsure} of {total} cannot be read surely; they are in the ranges. " if unsure else ""
    st.markdown(f"{told}The range holds in 95 of 100 collections of as many failures.")
    link(read.stored, "failures", "All failures", ":material/bug_report:")


def probe(read: Dossier) -> None:
    """Draw what mended the failures when they were asked again."""
    st.subheader("Asked again with one thing changed")
    if read.probe is None:
        st.markdown("No probe was run.")
    else:
        st.markdown(plain(headline(read.probe)))
        bullets(plain(line_of(count)) for count in read.probe.counts)
    link(read.stored, "probe", "Probe", ":material/science:")


def trial(read: Dossier) -> None:
    """Draw what the pilot found about fine-tuning."""
    pilot = read.trial
    st.subheader("Pilot")
    if pilot is None:
        st.markdown("No pilot has a result yet.")
        return
    comparison = pilot.result.comparison
    says = SAYS.get(pilot.says, "It is not handed in for this version.")
    st.markdown(f"**{plain(verdict_title(comparison.verdict))}.** {plain(says)}")
    st.markdown(plain(comparison.verdict.because))
    fixed(pilot)
    scores(comparison)
    bullets(plain(contrast_words(pair)) for pair in comparison.comparisons[:LISTED])
    go_to("pilot", "The whole pilot", ":material/experiment:", pilot=pilot.id)
    regressions(pilot)


def fixed(pilot: Trial) -> None:
    """Say what was fixed before the run, and what it took."""
    result = pilot.result
    st.markdown(
        f"Smallest difference that matters: **{percent(result.margin)}**, fixed on "
        f"**{local_time(pilot.fixed)}**, before the run (`{result.hash[:12]}`). "
        f"{counted(pilot.cases, 'case')} kept apart. {took(pilot)}"
    )
    if pilot.over_limit:
        st.warning("It took more than was approved.")


def took(pilot: Trial) -> str:
    """Return what the pilot took."""
    runs = pilot.result.runs
    compute = sum(run.usage.training_flops for run in runs)
    seconds = (pilot.result.finished - pilot.result.started).total_seconds()
    trained = f" and {operations(compute)} operations of training" if compute else ""
    return f"It took {roughly(seconds)}{trained}."


def regressions(pilot: Trial) -> None:
    """Draw what training cost elsewhere, the worst group, and the checks of honesty."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Other skills and safety after training**")
        bullets(map(finding_words, pilot.regressions))
        if not pilot.regressions:
            st.markdown("Not checked.")
    with right:
        st.markdown("**Worst group of cases**")
        st.markdown(worst(pilot))
    rest = [finding for finding in pilot.result.findings if finding not in pilot.regressions]
    if rest:
        with st.expander(f"Checks of honesty ({len(rest)})"):
            bullets(map(finding_words, rest))


def worst(pilot: Trial) -> str:
    """Say how fine-tuning did where it did worst."""
    if pilot.worst is None or pilot.tuned is None:
        return "The cases name no groups."
    beside = (
        f"; the best way without training: {percent(pilot.worst.against)}"
        if pilot.worst.against is not None
        else ""
    )
    return (
        f"{start(plain(pilot.worst.name))}: {plain(arm_title(pilot.tuned))} "
        f"{percent(pilot.worst.score)}{beside}."
    )
