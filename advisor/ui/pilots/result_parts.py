"""What a pilot found, part by part: scores, checks, learning, cost, outputs, how it was done."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.pilot.exporting.bundle import bundle
from advisor.pilot.exporting.export_material import ExportMaterial, adapter_of
from advisor.pilot.metrics.registry import column_title
from advisor.pilot.reporting import pilot_charts
from advisor.pilot.reporting.costs import PRICES
from advisor.pilot.reporting.costs import costs as worked_out
from advisor.pilot.reporting.sections import main_runs
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.chart_parts import spec
from advisor.presentation.file_names import file_name
from advisor.presentation.wording import percent, price
from advisor.ui.pilots import verdict_view
from advisor.ui.pilots.verdict_view import finding_words
from advisor.ui.session import author, store
from advisor.ui.widgets import attempt, bullets, download, figure, record_table

SHOWN = 10
EXCERPT = 500


def scores(result: PilotResult) -> None:
    """Draw scores and pairs, and the parts."""
    verdict_view.pairs(result.comparison)
    for shares, head in ((result.slices, "Part"), (result.aggregates, "Way of solving it")):
        if shares:
            record_table([
                {head: arm_title(name)}
                | {column_title(key): percent(value) for key, value in row.items()}
                for name, row in shares.items()
            ])


def checks(result: PilotResult) -> None:
    """List what the checks of honesty found."""
    if not result.findings:
        st.info("The checks found nothing to bear in mind.")
    bullets(map(finding_words, result.findings))
    for run in result.runs:
        if run.why:
            st.warning(f"**{plain(arm_title(run.arm))}:** {plain(run.why)}")


def curve(result: PilotResult) -> None:
    """Draw the learning curve and the loss."""
    if len(result.curve) > 1:
        figure(spec(pilot_charts.curve(result.curve)), pilot_charts.curve_alt(result.curve))
        st.markdown("Line: measured. Dashed: projected, with its range.")
    trained = [run for run in main_runs(result) if len(run.losses) > 1]
    for run in trained:
        figure(spec(pilot_charts.losses(run)), pilot_charts.losses_alt(run))
        st.markdown(plain(f"{arm_title(run.arm)}: {pilot_charts.losses_alt(run)}"))
    if not trained:
        st.info("Nothing was trained in this pilot.")


def costs(result: PilotResult) -> None:
    """Draw cost against quality by the team's prices, which can be changed here."""
    amounts = {kept.name: kept.amount for kept in store().prices.all()}
    comparison = result.comparison
    spent = worked_out(main_runs(result), comparison, amounts)
    chart = spec(pilot_charts.cost_quality(comparison, spent))
    figure(chart, pilot_charts.cost_alt(comparison, spent))
    record_table([
        {
            "Way of solving it": arm_title(cost.arm),
            "1,000 requests": "" if cost.per_thousand is None else price(cost.per_thousand),
            "Once": price(cost.once) if cost.once else "",
            "Pays back after": f"{cost.pays_back_at:,} requests" if cost.pays_back_at else "",
        }
        for cost in spent
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


def outputs(result: PilotResult, id: str) -> None:
    """Show the same cases side by side, those first on which the arms differ most."""
    runs = main_runs(result)
    cases = {case.id: case for case in store().pilots.frozen(id).data.test}
    given = {run.arm: {answer.case: answer for answer in run.answers} for run in runs}
    told = sorted(
        (case for case in cases if all(case in answers for answers in given.values())),
        key=lambda case: (-spread(case, runs), case),
    )
    for case in told[:SHOWN]:
        with st.container(border=True):
            st.markdown(f"**Asked:** {plain(cases[case].input[:EXCERPT])}")
            st.markdown(f"**Wanted:** {plain(cases[case].expected[:EXCERPT])}")
            for arm, answers in given.items():
                answer = answers[case]
                score = "not judged" if answer.score is None else percent(answer.score)
                name = plain(arm_title(arm))
                st.markdown(f"{name} ({score}): {plain(answer.text[:EXCERPT])}")


def spread(case: str, runs: list[ArmRun]) -> float:
    """Return how far the arms' scores of a case lie apart."""
    scores = [each.score or 0.0 for run in runs for each in run.answers if each.case == case]
    return max(scores) - min(scores)


def how(result: PilotResult, id: str) -> None:
    """Show what a repetition needs, and offer everything as one archive."""
    st.markdown(f"**Instruction:** {plain(result.spec.instruction)}")
    bullets(f"{plain(name)}: {plain(value)}" for name, value in sorted(result.environment.items()))
    download(
        "Everything as an archive",
        lambda: bundle(
            ExportMaterial(store().pilots.frozen(id), result, adapter_of(store(), result))
        ),
        file_name("pilot", result.spec.title, "zip"),
        key="archive",
        help="Report, results, adapter with its model card, configurations for TRL, Axolotl and "
        "LLaMA-Factory, the cases for promptfoo and Inspect",
    )
