"""A Ray cluster of two nodes, started here, reads a log as one machine does."""

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest
from written_logs import rows, write_lines

from advisor.commands.classify import ClassifyRequest, run_classify
from advisor.failures.classifier import load_classifier
from advisor.logs.block_reading import Block, BlockJob, BlockReader
from advisor.logs.ray import BlockWorker, read_on_ray
from advisor.logs.recognise import open_log

pytestmark = [
    pytest.mark.ray,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore"),  # what Ray warns of inside its own modules
    pytest.mark.usefixtures("home"),
]
STORE = 100_000_000


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of two nodes with one processor each."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # else other tests go before them
        from ray.cluster_utils import Cluster

        given = {"num_cpus": 1, "object_store_memory": STORE, "include_dashboard": False}
        started = Cluster(initialize_head=True, head_node_args=given)
        started.add_node(num_cpus=1, object_store_memory=STORE)
        yield started.address
        started.shutdown()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "log.jsonl", [*rows(120), "{", *rows(119)])


def workers() -> list[psutil.Process]:
    """The processes of the cluster that read blocks."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if child.name().startswith("ray::MapWorker")]


def job_of(log: Path) -> tuple[BlockJob, list[Block]]:
    """A job with many small blocks, and what this process makes of them."""
    opened = open_log(log, {}, 15)
    classifier = load_classifier()
    job = BlockJob.of(log, opened.recipe, classifier)
    reader = BlockReader(job, classifier)
    return job, [reader.read(span) for span in opened.source.spans()]


def test_two_nodes_give_the_same_files_as_one_machine(
    cluster: str, log: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    assert run_classify(ClassifyRequest(log, out=here, block=25)) == 2
    capfd.readouterr()
    assert run_classify(ClassifyRequest(log, out=there, block=25, ray=cluster)) == 2
    said = capfd.readouterr()
    assert there.read_bytes() == here.read_bytes()
    assert (tmp_path / "there.rejected.csv").read_bytes() == (
        tmp_path / "here.rejected.csv"
    ).read_bytes()
    assert said.out == ""
    ours = ("log.jsonl: ", "240 rows: ", "The summary (")
    others = [line for line in said.err.splitlines() if not line.startswith(ours)]
    assert all(line.endswith(" left") for line in others), others  # where the machine is slow


def test_a_worker_that_is_killed_loses_nothing(cluster: str, log: Path) -> None:
    job, wanted = job_of(log)
    spans = list(open_log(log, {}, 15).source.spans())
    with closing(read_on_ray(job, spans, cluster, ordered=True)) as blocks:
        found = [next(blocks)]
        running = workers()
        assert len({one.ppid() for one in running}) == 2  # each node has its own
        os.kill(running[0].pid, signal.SIGKILL)
        found += blocks
    assert found == wanted


def test_what_a_worker_cannot_read_is_told_without_a_traceback(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ADVISOR_ENCODER", "RAYON_NUM_THREADS"):
        monkeypatch.setenv(name, "")
    job, _ = job_of(log)
    span = next(open_log(log, {}, 15).source.spans())
    worker = BlockWorker(job, "")
    assert worker(asdict(span))["problem"] == ""
    other = BlockWorker(replace(job, classifier="another"), "")
    assert "another classifier" in other(asdict(span))["problem"]
    log.unlink()
    gone = BlockWorker(job, "")
    assert "no such file" in gone(asdict(span))["problem"]
