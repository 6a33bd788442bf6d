"""The result of a pilot in the team's MLflow: a service to them, on which nothing here depends."""

from __future__ import annotations

import logging

from advisor.domain.pilot_result import Finding, PilotResult
from advisor.pilot.exporting.mlflow import configured, log
from advisor.pilot.running.compute.error_messages import words_for
from advisor.pilot.running.worker.pilot_session import PilotSession

_LOG = logging.getLogger("advisor.worker")


def logged_to_mlflow(session: PilotSession, result: PilotResult) -> PilotResult:
    """Log a result to MLflow where one is configured; return it, with a note if that failed.

    A worker that takes the pilot over may do this again: the pilot keeps the run that it has.
    """
    if not configured():
        return result
    session.live.say("Logging to MLflow")
    try:
        session.live.say(f"Logged to MLflow as run {_logged(session, result)}")
    except Exception as error:  # whatever it is, the pilot has its result
        _LOG.warning("A pilot could not be logged to MLflow", exc_info=error)
        what = f"The pilot is not in MLflow. {words_for(error)}"
        session.live.say(what)
        note = Finding(check="mlflow", severity="note", what=what)
        return result.model_copy(update={"findings": (*result.findings, note)})
    return result


def _logged(session: PilotSession, result: PilotResult) -> str:
    from advisor.pilot.exporting.export_material import (  # heavy: rule_engine
        ExportMaterial,
        adapter_of,
    )

    return log(ExportMaterial(session.frozen, result, adapter_of(session.workplace.store, result)))
