"""A pilot as a run in the team's MLflow, where one is configured."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.core.terminal import one_line
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from advisor.pilot.exporting.export_material import ExportMaterial

VARIABLE = "MLFLOW_TRACKING_URI"
EXPERIMENT = "advisor pilots"
PILOT = "advisor.pilot"
"""The tag with the id of the pilot, by which a run is found again."""
_MANNERS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",  # it would report to its makers
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",  # seven of two minutes each are its own choice
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}
"""How MLflow behaves where the environment does not say otherwise."""
_LONGEST = 500
"""Characters that MLflow keeps of a parameter."""
_NAMED = re.compile(r"//[^/\s]*@")
"""Who asks, with which password, as an address may hold it."""


def configured() -> bool:
    """Tell whether the environment names a tracking server."""
    return bool(os.environ.get(VARIABLE))


def log(material: ExportMaterial) -> str:
    """Log a pilot as one run with its parameters, scores and archive; return the id of the run.

    A pilot that is logged again keeps the run that it has.

    Raises:
        AdvisorError: MLflow is not installed, or does not take it.
    """
    from advisor.pilot.exporting.bundle import bundle  # heavy: scipy

    client, archive = _client("the pilot"), bundle(material)
    try:
        known = client.get_experiment_by_name(EXPERIMENT)
        experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
        pilot = material.result.pilot
        earlier = _logged_before(client, experiment, pilot)
        return earlier or _logged(client, experiment, material, archive)
    except Exception as error:  # its own, those of databases and services, and plain ones
        raise _refused(error, "the pilot") from None


def tag(pilot: str, tags: Mapping[str, str]) -> int:
    """Set tags on the run of a pilot and on every model that was registered from it.

    Returns:
        How many were tagged; 0 where MLflow does not know the pilot.

    Raises:
        AdvisorError: MLflow is not installed, or does not take it.
    """
    what = "the tags of a decision"
    client = _client(what)
    try:
        runs = _finished(client, pilot)
        models = [one for run in runs for one in client.search_model_versions(f"run_id='{run}'")]
        for name, value in tags.items():
            for run in runs:
                client.set_tag(run, name, value)
            for one in models:
                client.set_model_version_tag(one.name, one.version, name, value)
        return len(runs) + len(models)
    except Exception as error:  # its own, those of databases and services, and plain ones
        raise _refused(error, what) from None


def _finished(client: MlflowClient, pilot: str) -> list[str]:
    """Return the runs of a pilot that were logged whole."""
    known = client.get_experiment_by_name(EXPERIMENT)
    wanted = f"tags.`{PILOT}` = '{pilot}' and attributes.status = 'FINISHED'"
    found = client.search_runs([known.experiment_id], wanted) if known else []
    return [str(run.info.run_id) for run in found]


def _client(what: str) -> MlflowClient:
    for name, value in _MANNERS.items():
        os.environ.setdefault(name, value)
    try:
        from mlflow import MlflowClient  # heavy: mlflow
    except ImportError:
        mend = "Run: pip install 'advisor[mlflow]'"
        raise AdvisorError(f"{VARIABLE} is set, but MLflow is not installed. {mend}") from None
    address = os.environ[VARIABLE]  # for both stores: else MLflow makes one where it stands
    try:
        return MlflowClient(address, address)
    except Exception as error:
        raise _refused(error, what) from None


def _refused(error: Exception, what: str) -> AdvisorError:
    why = one_line(_NAMED.sub("//", str(error)))[:200]
    return AdvisorError(f"MLflow does not take {what} ({why}). Check {VARIABLE}")


def _logged_before(client: MlflowClient, experiment: str, pilot: str) -> str | None:
    """Return the run of a pilot that was logged whole; take away what was left half done."""
    for run in client.search_runs([experiment], f"tags.`{PILOT}` = '{pilot}'"):
        if run.info.status == "FINISHED":
            return str(run.info.run_id)
        client.delete_run(run.info.run_id)
    return None


def _logged(client: MlflowClient, experiment: str, material: ExportMaterial, archive: bytes) -> str:
    from mlflow.entities import Metric, Param  # heavy: mlflow

    result = material.result
    tags = {PILOT: result.pilot, "advisor.verdict": result.comparison.verdict.outcome.value}
    title = result.spec.title[:_LONGEST]
    run = str(client.create_run(experiment, tags=tags, run_name=title).info.run_id)
    at = round(result.finished.timestamp() * 1e3)
    client.log_batch(
        run,
        metrics=[Metric(name, score, at, 0) for name, score in _scores(material)],
        params=[Param(name, value[:_LONGEST]) for name, value in _parameters(material)],
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pilot.zip"
        file.write_bytes(archive)
        client.log_artifact(run, str(file))
    client.set_terminated(run)
    return run


def _parameters(material: ExportMaterial) -> Iterator[tuple[str, str]]:
    result = material.result
    yield "task", result.spec.task
    yield "metric", result.spec.judged_by.metric
    yield "margin", str(result.margin)
    yield "hash", result.hash
    yield from ((name.replace(" ", "_"), text) for name, text in result.environment.items())


def _scores(material: ExportMaterial) -> Iterator[tuple[str, float]]:
    from advisor.pilot.reporting.sections import main_runs  # heavy: scipy

    for arm in material.result.comparison.arms:
        if arm.score is not None:
            yield f"score.{arm.name.replace('+', '_')}", arm.score
    for run in main_runs(material.result):
        yield f"seconds.{run.arm.replace('+', '_')}", run.usage.answering_seconds
