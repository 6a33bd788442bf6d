"""The end of a pilot: figures, checks and verdict put together and kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime

from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.domain.pilot_state import PilotState
from advisor.pilot.metrics import aggregates, slice_means
from advisor.pilot.reporting.costs import costs
from advisor.pilot.running.worker.environment import environment
from advisor.pilot.running.worker.final_checks import findings_of
from advisor.pilot.running.worker.mlflow_tracking import tracked
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.result_figures import (
    comparison_of,
    curve_of,
    fact_means,
    seeds_of,
    usable,
)
from advisor.store.database.statements import now


def conclude(desk: PilotSession) -> str:
    """Keep what the pilot found, and return the state that it ends in."""
    cancelled = desk.asked == "cancel"
    runs = tuple(sheet.whole for sheet in desk.sheets.values())
    state: PilotState = "cancelled" if cancelled else "done"
    if usable(runs):
        result = tracked(desk, _result(desk, runs, cancelled))
        desk.beat()
        desk.finish(state, result)
    else:
        state = "cancelled" if cancelled else "failed"
        desk.beat()
        desk.leave(state, "" if cancelled else _why(runs))
    shutil.rmtree(desk.folder, ignore_errors=True)
    return state


def _result(desk: PilotSession, runs: tuple[ArmRun, ...], cancelled: bool) -> PilotResult:
    frozen, store = desk.frozen, desk.place.store
    counted = usable(runs)
    curve, words = curve_of(frozen, runs)
    findings = tuple(_findings(desk, runs, words))
    comparison = comparison_of(frozen, runs, findings, cancelled)
    prices = {price.name: price.amount for price in store.prices.all()}
    once = [run for run in counted if run.share == 1 and run.seed == frozen.spec.seeds[0]]
    return PilotResult(
        pilot=desk.claim.pilot,
        hash=frozen.hash,
        spec=frozen.spec,
        margin=frozen.margin,
        started=_started(desk),
        finished=now(),
        runs=runs,
        comparison=comparison,
        aggregates=aggregates(frozen, counted),
        slices=slice_means(frozen, counted) | fact_means(frozen, counted),
        curve=curve,
        findings=findings,
        costs=costs(once, comparison, prices),
        environment=environment(frozen, desk.place.worker, runs),
    )


def _findings(desk: PilotSession, runs: tuple[ArmRun, ...], curve: str) -> Iterator[Finding]:
    yield from findings_of(desk, runs)
    yield from seeds_of(runs)
    if curve:
        yield Finding(check="curve", severity="note", what=curve)


def _started(desk: PilotSession) -> datetime:
    return desk.place.store.pilots.info(desk.claim.pilot).started_at or now()


def _why(runs: tuple[ArmRun, ...]) -> str:
    return next((run.why for run in runs if run.why), "No arm gave an answer.")
