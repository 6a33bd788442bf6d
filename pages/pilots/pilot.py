"""One pilot: how far it is while it runs, and what it found."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.domain.pilot_state import Ask, PilotInfo
from advisor.errors import AdvisorError, NotFoundError
from advisor.pilot.comparing.comparison_words import STATES
from advisor.pilot.exporting.bundle import bundle
from advisor.pilot.exporting.export_material import ExportMaterial, adapter_of
from advisor.pilot.metrics.registry import column_title
from advisor.pilot.reporting import pilot_charts
from advisor.pilot.reporting.costs import PRICES
from advisor.pilot.reporting.costs import costs as worked_out
from advisor.pilot.reporting.report import Reported, build
from advisor.pilot.reporting.sections import main_runs
from advisor.pilot.running.queue.actions import ask, watch
from advisor.pilot.running.queue.snapshot import CHECKING, ArmProgress, Snapshot
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.file_names import file_name
from advisor.presentation.wording import counted, percent, price, roughly, start
from advisor.ui.pilots import hand_in, verdict_view
from advisor.ui.screens import go_to
from advisor.ui.session import author, local_time, store
from advisor.ui.widgets import attempt, bullets, press, show_problems

SHOWN = 10
EXCERPT = 500
LATER = {"queued", "running"}
SEVERITY = {"blocks": ":material/block:", "warning": ":material/warning:", "note": ""}


def chosen() -> PilotInfo:
    """Return the pilot named in the URL (`?pilot=`); without one go to the list."""
    name = st.query_params.get("pilot")
    go_to("pilots", "All pilots", ":material/arrow_back:")
    try:
        if name:
            return store().pilots.info(name)
    except NotFoundError:
        st.error("There is no such pilot. The link may be incomplete.")
    st.info("Choose a pilot from the list.")
    st.stop()


def tell(what: Ask) -> None:
    """Pause, resume or cancel."""
    attempt(ask, store(), info.id, what, author(), secrets.token_hex(8))


def buttons(seen: Snapshot) -> None:
    """Offer what can be asked of the pilot now."""
    with st.container(horizontal=True):
        if seen.state in LATER:
            press("Pause", tell, "pause", key="pause", icon=":material/pause:")
        if seen.state == "paused":
            press("Go on", tell, "resume", key="resume", icon=":material/play_arrow:")
        press("Cancel", tell, "cancel", key="cancel", icon=":material/stop_circle:")


@st.fragment(run_every="1s")
def follow() -> None:
    """Show how far the whole and each arm is; once it is over, draw the page again."""
    seen = watch(store(), info.id)
    if seen.state not in {"queued", "running", "paused"}:
        st.rerun()
    usual = CHECKING if seen.checking else "time left not known yet"
    left = f"{roughly(seen.seconds_left)} left" if seen.seconds_left else usual
    st.progress(min(1.0, seen.share_done), f"{STATES[seen.state]}: {left}")
    if words := seen.why or {"pause": "Pausing …", "cancel": "Cancelling …"}.get(seen.asked, ""):
        st.markdown(plain(words))
    for arm in seen.arms:
        arm_line(arm)
    memory = f", {seen.memory_mb:,.0f} MB of memory" if seen.memory_mb else ""
    st.markdown(
        f"{start(roughly(seen.spent))} so far{memory}. You may close this page; the pilot goes on."
    )
    buttons(seen)
    if seen.lines:
        with st.expander("Log"):
            st.code("\n".join(seen.lines), language=None)


def arm_line(arm: ArmProgress) -> None:
    """Draw one arm: how far, the score so far, the loss."""
    parts = [f"**{plain(arm_title(arm.arm))}**"]
    if arm.share < 1:
        parts.append(f"with {percent(arm.share)} of the examples")
    parts.append(arm.stage if arm.state == "running" and arm.stage else arm.state)
    if arm.score is not None:
        parts.append(f"score so far {percent(arm.score)} of {counted(arm.answered, 'case')}")
    if arm.loss is not None and arm.state == "running":
        parts.append(f"loss {arm.loss:.2f}")
    if arm.seconds_left and arm.state == "running":
        parts.append(f"{roughly(arm.seconds_left)} left")
    share = {"done": 1.0, "stopped": 1.0, "failed": 1.0, "waiting": 0.0}.get(
        arm.state, arm.done / max(1, arm.total)
    )
    st.progress(min(1.0, share), ", ".join(parts))
    if arm.why:
        st.markdown(f":material/info: {plain(arm.why)}")


def show_result(result: PilotResult) -> None:
    """Draw what was found, the answer first."""
    cases = store().pilots.frozen(info.id).data.test
    verdict_view.answer_first(result.comparison)
    st.markdown(
        f"{counted(len(cases), 'held-out case')}, finished {local_time(result.finished)}. The "
        f"thresholds were fixed before the run (hash `{result.hash[:12]}`)."
    )
    record = build(Reported.of(result, cases), result.finished)
    verdict_view.downloads(record, result.finished, result.spec.title)
    hand_in.hand_in(info)
    tabs = st.tabs(["Scores", "Checks", "More examples", "Cost", "Outputs", "How it was done"])
    shows = (scores, checks, curve, costs, outputs, how)
    for tab, show in zip(tabs, shows, strict=True):
        with tab:
            show(result)


def scores(result: PilotResult) -> None:
    """Draw scores and pairs, and the parts."""
    verdict_view.pairs(result.comparison)
    for found, head in ((result.slices, "Part"), (result.aggregates, "Way of solving it")):
        if found:
            verdict_view.table([
                {head: arm_title(name)}
                | {column_title(key): percent(value) for key, value in row.items()}
                for name, row in found.items()
            ])


def checks(result: PilotResult) -> None:
    """List what the checks of honesty found."""
    if not result.findings:
        st.info("The checks found nothing to bear in mind.")
    bullets(f"{SEVERITY[one.severity]} {plain(one.what)}".strip() for one in result.findings)
    for run in result.runs:
        if run.why:
            st.warning(f"**{plain(arm_title(run.arm))}:** {plain(run.why)}")


def curve(result: PilotResult) -> None:
    """Draw the learning curve and the loss."""
    if len(result.curve) > 1:
        verdict_view.figure(pilot_charts.curve(result.curve), pilot_charts.curve_alt(result.curve))
        st.markdown("Line: measured. Dashed: projected, with its range.")
    trained = [run for run in main_runs(result) if len(run.losses) > 1]
    for run in trained:
        verdict_view.figure(pilot_charts.losses(run), pilot_charts.losses_alt(run))
        st.markdown(plain(f"{arm_title(run.arm)}: {pilot_charts.losses_alt(run)}"))
    if not trained:
        st.info("Nothing was trained in this pilot.")


def costs(result: PilotResult) -> None:
    """Draw cost against quality by the team's prices, which can be changed here."""
    amounts = {one.name: one.amount for one in store().prices.all()}
    comparison = result.comparison
    found = worked_out(main_runs(result), comparison, amounts)
    verdict_view.figure(
        pilot_charts.cost_quality(comparison, found), pilot_charts.cost_alt(comparison, found)
    )
    verdict_view.table([
        {
            "Way of solving it": arm_title(one.arm),
            "1,000 requests": "" if one.per_thousand is None else price(one.per_thousand),
            "Once": price(one.once) if one.once else "",
            "Pays back after": f"{one.pays_back_at:,} requests" if one.pays_back_at else "",
        }
        for one in found
    ])
    st.markdown("**Prices**, in any one currency; they count for every pilot:")
    for name, words in PRICES.items():
        st.number_input(
            words.title, 0.0, value=float(amounts.get(name, words.amount)), key=f"price-{name}",
            on_change=set_price, args=(name,),
        )  # fmt: skip


def set_price(name: str) -> None:
    """Keep a price that somebody typed."""
    attempt(store().prices.set, {name: st.session_state[f"price-{name}"]}, author())


def outputs(result: PilotResult) -> None:
    """Show the same cases side by side, those first on which the arms differ most."""
    runs = main_runs(result)
    cases = {case.id: case for case in store().pilots.frozen(info.id).data.test}
    given = {run.arm: {one.case: one for one in run.answers} for run in runs}
    told = sorted(
        (case for case in cases if all(case in answers for answers in given.values())),
        key=lambda case: (-spread(case, runs), case),
    )
    for case in told[:SHOWN]:
        with st.container(border=True):
            st.markdown(f"**Asked:** {plain(cases[case].input[:EXCERPT])}")
            st.markdown(f"**Wanted:** {plain(cases[case].expected[:EXCERPT])}")
            for arm, answers in given.items():
                one = answers[case]
                score = "not judged" if one.score is None else percent(one.score)
                name = plain(arm_title(arm))
                st.markdown(f"{name} ({score}): {plain(one.text[:EXCERPT])}")


def spread(case: str, runs: list[ArmRun]) -> float:
    """Return how far the arms' scores of a case lie apart."""
    found = [one.score or 0.0 for run in runs for one in run.answers if one.case == case]
    return max(found) - min(found)


def how(result: PilotResult) -> None:
    """Show what a repetition needs, and offer everything as one archive."""
    st.markdown(f"**Instruction:** {plain(result.spec.instruction)}")
    bullets(f"{plain(name)}: {plain(value)}" for name, value in sorted(result.environment.items()))
    st.download_button(
        "Everything as an archive",
        lambda: bundle(
            ExportMaterial(store().pilots.frozen(info.id), result, adapter_of(store(), result))
        ),
        file_name("pilot", result.spec.title, "zip"),
        "application/zip",
        key="archive",
        on_click="ignore",
        help="Report, results, adapter with its model card, configurations for TRL, Axolotl and "
        "LLaMA-Factory, the cases for promptfoo and Inspect",
    )


info = chosen()
st.title(plain(info.title))
show_problems()
try:
    found = store().pilots.result(info.id)
except AdvisorError as error:
    st.error(plain(str(error)))
    st.stop()
if found:
    show_result(found)
elif info.over:
    st.error(plain(info.why or f"This pilot {STATES[info.state].lower()}; it left no result."))
else:
    follow()
