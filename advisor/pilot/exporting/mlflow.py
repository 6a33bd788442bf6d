"""A pilot as a run in the team's MLflow, where one is configured."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from advisor.errors import AdvisorError
from advisor.pilot.exporting.bundle import bundle
from advisor.pilot.exporting.material import Material
from advisor.pilot.reporting.sections import main_runs

VARIABLE = "MLFLOW_TRACKING_URI"
EXPERIMENT = "advisor pilots"
_LONGEST = 500
"""Characters that MLflow keeps of a parameter."""


def configured() -> bool:
    """Tell whether the environment names a tracking server."""
    return bool(os.environ.get(VARIABLE))


def log(material: Material) -> str:
    """Log a pilot as one run with its parameters, scores and archive; return the id of the run.

    Raises:
        AdvisorError: MLflow is not installed, or does not take it.
    """
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError:
        mend = "Run: pip install 'advisor[mlflow]'"
        raise AdvisorError(f"{VARIABLE} is set, but MLflow is not installed. {mend}") from None
    try:
        address = os.environ[VARIABLE]  # for both stores: else MLflow makes one where it stands
        return _logged(MlflowClient(address, address), material)
    except (MlflowException, OSError) as error:
        why = str(error).splitlines()[0][:200]
        raise AdvisorError(f"MLflow does not take the pilot ({why}). Check {VARIABLE}") from None


def _logged(client: object, material: Material) -> str:
    from mlflow import MlflowClient

    assert isinstance(client, MlflowClient)
    known = client.get_experiment_by_name(EXPERIMENT)
    experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
    run = client.create_run(experiment, run_name=material.result.spec.title[:_LONGEST]).info.run_id
    for name, value in _parameters(material):
        client.log_param(run, name, value[:_LONGEST])
    for name, score in _scores(material):
        client.log_metric(run, name, score)
    client.set_tag(run, "advisor.pilot", material.result.pilot)
    client.set_tag(run, "advisor.verdict", material.result.comparison.verdict.outcome)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "pilot.zip"
        archive.write_bytes(bundle(material))
        client.log_artifact(run, str(archive))
    client.set_terminated(run)
    return str(run)


def _parameters(material: Material) -> Iterator[tuple[str, str]]:
    result = material.result
    yield "task", result.spec.task
    yield "metric", result.spec.judged_by.metric
    yield "margin", str(result.margin)
    yield "hash", result.hash
    yield from ((name.replace(" ", "_"), text) for name, text in result.environment.items())


def _scores(material: Material) -> Iterator[tuple[str, float]]:
    for arm in material.result.comparison.arms:
        if arm.score is not None:
            yield f"score.{arm.name.replace('+', '_')}", arm.score
    for run in main_runs(material.result):
        yield f"seconds.{run.arm.replace('+', '_')}", run.usage.answering_seconds
