"""Files for the tools that teams use next."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from results import ADAPTER, FROZEN, RESULT

from advisor.errors import AdvisorError
from advisor.pilot.exporting import evaluation_configs, mlflow, training_configs
from advisor.pilot.exporting.bundle import bundle, files
from advisor.pilot.exporting.export_material import ExportMaterial
from advisor.pilot.exporting.model_card import Adopted, model_card

if TYPE_CHECKING:
    from mlflow import MlflowClient

MATERIAL = ExportMaterial(FROZEN, RESULT, ADAPTER)
BASE = "HuggingFaceTB/SmolLM2-135M-Instruct"


def test_the_archive_holds_report_data_configurations_and_adapter() -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(MATERIAL))) as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
        assert json.loads(archive.read("result.json"))["spec"]["task"] == "classification"
    assert {"report.pdf", "report.html", "report.md", "training/trl.yaml"} <= names
    assert {"evaluation/promptfooconfig.yaml", "adapter/README.md"} <= names
    assert "adapter/adapter_model.safetensors" in names


def test_the_same_pilot_gives_the_same_archive() -> None:
    assert bundle(MATERIAL) == bundle(MATERIAL)


def test_without_a_trained_adapter_there_is_no_card() -> None:
    assert not [
        path for path, _ in files(ExportMaterial(FROZEN, RESULT)) if path.startswith("adapter/")
    ]


def test_training_rows_end_with_the_wanted_answer() -> None:
    rows = [json.loads(line) for line in training_configs.chat_rows(MATERIAL, "train").splitlines()]
    assert len(rows) == len(FROZEN.data.train)
    assert rows[0]["messages"][-1] == {"role": "assistant", "content": "refund"}
    assert rows[0]["messages"][-2]["role"] == "user"


@pytest.mark.parametrize(
    ("write", "base", "rank", "rate"),
    [
        (training_configs.trl, "model_name_or_path", "lora_r", "learning_rate"),
        (training_configs.axolotl, "base_model", "lora_r", "learning_rate"),
        (training_configs.llama_factory, "model_name_or_path", "lora_rank", "learning_rate"),
    ],
)
def test_configurations_repeat_what_the_pilot_did(
    write: Callable[[ExportMaterial], bytes], base: str, rank: str, rate: str
) -> None:
    found = yaml.safe_load(write(MATERIAL))
    assert (found[base], found[rank], found[rate]) == (BASE, 8, 1e-3)


def test_promptfoo_gives_texts_back_as_they_are() -> None:
    found = yaml.safe_load(evaluation_configs.promptfoo(MATERIAL))
    assert len(found["tests"]) == len(FROZEN.data.test)
    prompt = found["tests"][0]["vars"]["prompt"]
    assert "{{my" not in prompt and "{{'{{'}}my" in prompt
    assert found["tests"][0]["assert"] == [{"type": "equals", "value": "refund"}]


def test_inspect_samples_hold_input_and_target() -> None:
    rows = [json.loads(line) for line in evaluation_configs.inspect_samples(MATERIAL).splitlines()]
    assert rows[0]["target"] == "refund" and rows[0]["input"][-1]["role"] == "user"
    compile(evaluation_configs.INSPECT_TASK, "inspect_task.py", "exec")


def test_the_card_says_what_it_is_where_from_and_under_which_licence() -> None:
    card = model_card(MATERIAL).decode()
    head = yaml.safe_load(card.split("---")[1])
    assert head["base_model"] == BASE and head["license"] == "apache-2.0"
    assert "Not for production" in card and RESULT.hash in card
    assert "<messages>" not in card


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """An MLflow in a folder of its own."""
    from mlflow import MlflowClient  # within a test it reports to nobody

    address = (tmp_path / "runs").as_uri()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.chdir(tmp_path)
    return MlflowClient(address, address)


def test_mlflow_gets_scores_and_archive(runs: MlflowClient, tmp_path: Path) -> None:
    run = runs.get_run(mlflow.log(MATERIAL))
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    assert run.data.metrics["score.fine_tuning"] == 0.8
    assert run.data.params["hash"] == RESULT.hash
    assert run.data.tags["advisor.verdict"] == "contradicted"
    assert [file.path for file in runs.list_artifacts(run.info.run_id)] == ["pilot.zip"]


def test_a_pilot_is_logged_once_even_if_a_worker_died_over_it(runs: MlflowClient) -> None:
    experiment = runs.create_experiment(mlflow.EXPERIMENT)
    runs.create_run(experiment, tags={mlflow.PILOT: "another"})
    half = runs.create_run(experiment, tags={mlflow.PILOT: RESULT.pilot}).info.run_id
    first = mlflow.log(MATERIAL)
    assert mlflow.log(MATERIAL) == first != half
    found = runs.search_runs([experiment], f"tags.`{mlflow.PILOT}` = '{RESULT.pilot}'")
    assert [run.info.run_id for run in found] == [first]
    assert len(runs.search_runs([experiment])) == 2


@pytest.mark.parametrize("kind", ["nonsense", "http"])
def test_an_mlflow_that_is_not_there_is_told_plainly_and_without_its_password(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"{kind}://ann:secret@127.0.0.1:9/x")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(AdvisorError, match="MLflow does not take the pilot") as said:
        mlflow.log(MATERIAL)
    assert "secret" not in str(said.value)


def test_the_card_of_an_adopted_adapter_says_by_whom_until_when_and_for_what() -> None:
    adopted = Adopted(
        proposal="p" * 20, version=3, by="Ann (risk)", at="1 May 2026", until="1 August 2026",
        override=True, terms=(("What for, and what not", "Mail | not <b>refunds</b>"),),
        conditions=("Count wrong letters (Ben, by 2 May 2026; open)",), sha256="a" * 64,
        head=f"7:{'b' * 64}",
    )  # fmt: skip
    card = model_card(MATERIAL, adopted).decode()
    assert yaml.safe_load(card.split("---")[1])["tags"] == ["lora", "adopted"]
    assert "**Adopted until 1 August 2026.** Approved by Ann (risk) on 1 May 2026, by over" in card
    assert "Mail \\| not &lt;b&gt;refunds" in card and "Count wrong letters" in card
    assert "a" * 64 in card and "Not for production" not in card


def test_mlflow_is_told_of_a_decision(runs: MlflowClient) -> None:
    assert mlflow.tag(RESULT.pilot, {"advisor.decision": "approved"}) == 0, "nothing is there yet"
    run = mlflow.log(MATERIAL)
    runs.create_registered_model("letters")
    runs.create_model_version("letters", "memory", run)
    told = {"advisor.decision": "approved", "advisor.record_sha256": "a" * 64}
    assert mlflow.tag(RESULT.pilot, told) == 2
    assert mlflow.tag(RESULT.pilot, told) == 2
    assert told.items() <= runs.get_run(run).data.tags.items()
    (version,) = runs.search_model_versions("name='letters'")
    assert version.tags == told
