"""Blocks read by a Ray cluster, with the same reader and the same results.

Ray moves Python objects between its own processes with cloudpickle. Nothing that a user gives is
ever unpickled: a log is read as text or Parquet by the workers, and results come back as bytes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from advisor.errors import AdvisorError, InputError, Problem
from advisor.logs.block_reading import Block, BlockJob, BlockReader, Counts
from advisor.logs.block_rows import Span

if TYPE_CHECKING:
    from ray.data import Dataset

LOCAL = "local"
"""The address that starts a cluster on this machine."""
_STORE = 300_000_000
"""Bytes of shared memory of a cluster on this machine; a block needs a few million."""
_INSTALL = "Run: pip install 'advisor[ray]' --constraint constraints.txt"
_ENCODER = "ADVISOR_ENCODER"
_LOGGERS = ("ray", "ray.data")
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}


def read_on_ray(
    job: BlockJob, spans: Sequence[Span], address: str, ordered: bool, workers: int | None = None
) -> Iterator[Block]:
    """Yield every block as it is finished.

    A worker that is lost is started again elsewhere and its block is read again.

    Args:
        job: what is read; every machine must find the file under the same path.
        spans: the blocks to read.
        address: `local`, `auto`, `host:port` or `ray://host:port`.
        ordered: whether blocks must come in their order.
        workers: how many processes read; one for each processor of the cluster if left out.

    Raises:
        InputError: Ray is not installed, there is no cluster, or a worker cannot read the file.
    """
    with _connected(address):
        for row in _dataset(job, spans, ordered, workers).iter_rows():
            if row["problem"]:
                raise AdvisorError(f"A Ray worker stopped. {row['problem']}")
            counts = Counts.model_validate_json(row["counts"])
            yield Block(
                row["index"], row["done"], row["results"], row["refused"], row["tally"], counts
            )


def _dataset(job: BlockJob, spans: Sequence[Span], ordered: bool, workers: int | None) -> Dataset:
    import ray.data  # heavy: ray

    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = ordered
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    workers = workers or max(1, int(resources.get("CPU", 1)))
    pool = ray.data.ActorPoolStrategy(size=min(workers, len(spans)))
    reader: Any = BlockWorker
    data = ray.data.from_items([asdict(span) for span in spans], override_num_blocks=len(spans))
    given = {"job": job, "encoder": os.environ.get(_ENCODER, "")}
    return data.map(reader, fn_constructor_kwargs=given, compute=pool, num_cpus=1)


class BlockWorker:
    """Reads one block after the other in a process of its own; the classifier is loaded once."""

    def __init__(self, job: BlockJob, encoder: str) -> None:
        """Take what the first block will need; `encoder` is the setting of this machine."""
        os.environ[_ENCODER] = encoder
        os.environ["RAYON_NUM_THREADS"] = "1"  # as many workers as processors: one thread each
        self._job = job
        self._reader: BlockReader | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Read the block that lies where `row` says; `problem` tells why there is none."""
        # what is wrong travels as text: Ray would wrap an exception in its own, with a traceback
        try:
            block = self._open().read(Span(**row))
        except AdvisorError as error:
            return {**_NOTHING, "problem": str(error)}
        return {**asdict(block), "counts": block.counts.model_dump_json(), "problem": ""}

    def _open(self) -> BlockReader:
        if self._reader is None:
            import torch  # heavy: torch

            torch.set_num_threads(1)
            self._reader = BlockReader(self._job)
        return self._reader


_NOTHING = {"index": 0, "done": 0.0, "results": b"", "refused": b"", "tally": "", "counts": "{}"}


@contextmanager
def _connected(address: str) -> Iterator[None]:
    os.environ.update(_QUIET)
    if find_spec("ray") is None:
        raise InputError(Problem("--ray", "Ray is not installed", _INSTALL))
    import ray  # heavy: ray

    started: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _STORE}
    more = started if address == LOCAL else {}
    try:
        with _silent():
            ray.init(address, logging_level=logging.ERROR, log_to_driver=False, **more)
    except (ConnectionError, ValueError, RuntimeError, OSError):
        mend = "Give local, auto, host:port or ray://host:port of a cluster that runs"
        raise InputError(Problem("--ray", f"no cluster answers at {address[:80]}", mend)) from None
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def _silent() -> Iterator[None]:
    """Ray's core says on standard error how much it will say, whatever it is told."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
