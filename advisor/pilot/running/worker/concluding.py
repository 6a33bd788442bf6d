"""The end of a pilot: figures, checks and verdict put together and kept."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from advisor import __version__
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, Finding, PilotResult
from advisor.domain.pilot_state import PilotState, Worker
from advisor.pilot.checks import check_answers
from advisor.pilot.metrics import aggregates, slice_means
from advisor.pilot.reporting.costs import costs
from advisor.pilot.running.compute.child_process import ChildGoneError
from advisor.pilot.running.compute.error_messages import words_for_exit
from advisor.pilot.running.compute.hardware import processor
from advisor.pilot.running.compute.messages import CheckedMessage, EndedMessage, WorkOrder
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.worker.mlflow_tracking import logged_to_mlflow
from advisor.pilot.running.worker.pilot_session import PilotSession
from advisor.pilot.running.worker.result_figures import (
    comparison_of,
    curve_of,
    fact_means,
    seeds_of,
    usable,
)
from advisor.pilot.running.worker.stop_reasons import CANCELLED, LeftError
from advisor.store.database.statements import now

_LOOK = 0.2
"""Seconds between two looks whether to stop."""
_MODEL = ("base", "base_identity")
"""What arms note down about the model that they used."""
_PACKAGES = ("torch", "transformers", "peft", "numpy", "scikit-learn", "sentence-transformers")


def conclude(session: PilotSession) -> str:
    """Keep what the pilot found, and return the state that it ends in."""
    cancelled = session.asked == "cancel"
    runs = tuple(sheet.whole for sheet in session.sheets.values())
    state: PilotState = "cancelled" if cancelled else "done"
    if usable(runs):
        result = logged_to_mlflow(session, _result(session, runs, cancelled))
        session.beat()
        session.record.finish(state, result)
    else:
        state = "cancelled" if cancelled else "failed"
        session.beat()
        session.record.leave(state, "" if cancelled else _why(runs))
    shutil.rmtree(session.folder, ignore_errors=True)
    return state


def _result(session: PilotSession, runs: tuple[ArmRun, ...], cancelled: bool) -> PilotResult:
    frozen, store = session.frozen, session.workplace.store
    counted = usable(runs)
    curve, words = curve_of(frozen, runs)
    findings = tuple(_findings(session, runs, words))
    comparison = comparison_of(frozen, runs, findings, cancelled)
    prices = {price.name: price.amount for price in store.prices.all()}
    once = [run for run in counted if run.share == 1 and run.seed == frozen.spec.seeds[0]]
    return PilotResult(
        pilot=session.claim.pilot,
        hash=frozen.hash,
        spec=frozen.spec,
        margin=frozen.margin,
        started=_started(session),
        finished=now(),
        runs=runs,
        comparison=comparison,
        aggregates=aggregates(frozen, counted),
        slices=slice_means(frozen, counted) | fact_means(frozen, counted),
        curve=curve,
        findings=findings,
        costs=costs(once, comparison, prices),
        environment=environment(frozen, session.workplace.worker, runs),
    )


def _findings(session: PilotSession, runs: tuple[ArmRun, ...], curve: str) -> Iterator[Finding]:
    yield from findings_of(session, runs)
    yield from seeds_of(runs)
    if curve:
        yield Finding(check="curve", severity="note", what=curve)


def _started(session: PilotSession) -> datetime:
    return session.workplace.store.pilots.info(session.claim.pilot).started_at or now()


def _why(runs: tuple[ArmRun, ...]) -> str:
    return next((run.why for run in runs if run.why), "No arm gave an answer.")


def findings_of(session: PilotSession, runs: tuple[ArmRun, ...]) -> tuple[Finding, ...]:
    """Return what every check found; those that need time are left out of a cancelled pilot.

    Raises:
        LeftError: the pilot is to be gone on with later.
    """
    early = session.frozen.findings if session.asked == "cancel" else _looked(session)
    return (*early, *check_answers(session.frozen, runs))


def _looked(session: PilotSession) -> tuple[Finding, ...]:
    session.live.say("Checking what could mislead")
    found: list[Finding] = []
    child = session.child()
    child.send(WorkOrder(do="check", step=_trained(session)))
    while True:
        try:
            message = child.hear(_LOOK)
        except ChildGoneError as error:
            session.end_child()
            return (*found, _unchecked(words_for_exit(error.code)))
        if isinstance(message, CheckedMessage):
            found += message.findings
        if isinstance(message, EndedMessage):
            return (*found, *([_unchecked(message.why)] if message.state == "failed" else []))
        _leave_if_asked(session)


def _leave_if_asked(session: PilotSession) -> None:
    stop_reason = session.reason(session.reading())
    if stop_reason and stop_reason.reach == "leave":
        raise LeftError(stop_reason)
    if stop_reason is CANCELLED:
        session.child().send(WorkOrder(do="stop"))


def _trained(session: PilotSession) -> PilotStep | None:
    """Return the first step that left an adapter of the whole training side."""
    whole = (step for step in session.steps if step.share == 1 and not step.optional)
    return next((step for step in whole if session.record.fetch_adapter(step.key)), None)


def _unchecked(why: str) -> Finding:
    what = f"Not everything could be checked. {why}"
    return Finding(check="unchecked", severity="warning", what=what)


def environment(frozen: Frozen, worker: Worker, runs: Sequence[ArmRun]) -> dict[str, str]:
    """Return what must be the same for the same outputs."""
    models = {
        name: str(run.details[name]) for run in runs for name in _MODEL if name in run.details
    }
    return (
        models
        | {
            "advisor": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            "machine": worker.what,
            "processor": processor(),
            "data": frozen.data.fingerprint,
            "seeds": ", ".join(map(str, frozen.spec.seeds)),
        }
        | {name: found for name in _PACKAGES if (found := _version(name))}
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
