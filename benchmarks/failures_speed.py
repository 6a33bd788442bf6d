"""How fast failures are read beside the usual way, in one run, and whether speed changes causes.

    python -m benchmarks.failures_speed [--data FILE.jsonl]

The usual way is sentence-transformers' `encode` with its defaults on the whole failure as one text,
followed by `predict` of a logistic regression.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from advisor.failures.classifier import Classifier, load_classifier
from advisor.failures.features.registry import PARTS
from advisor.failures.head import head_path, load_head
from advisor.failures.head_inputs import CaseEncoder
from advisor.failures.record.reader import FILE, TunedReader
from advisor.failures.training.exemplars import read_exemplars
from advisor.models.encoder import Encoder, default_folder, load_encoder
from advisor.models.minilm import MiniLM
from advisor.proposal import Failure
from benchmarks.baselines import exemplar_text, text_of
from benchmarks.failures import DATA

ONES = 300
"""Failures read one at a time."""
TAUGHT = 10
"""Every tenth exemplar teaches the usual way: its speed does not depend on how many do."""


def usual(texts: Sequence[str]) -> Callable[[], object]:
    """Return what reads `texts` the usual way, loaded and warm."""
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    model = SentenceTransformer(str(default_folder()), device="cpu")
    exemplars = read_exemplars()[::TAUGHT]
    rows = model.encode([exemplar_text(one) for one in exemplars])
    head = LogisticRegression(max_iter=200).fit(rows, [one.mode.value for one in exemplars])
    return lambda: head.predict(model.encode(list(texts)))


def fresh() -> Classifier:
    """Return the classifier with an encoder that has read nothing yet."""
    return _classifier(None)


def exact() -> Classifier:
    """Return the classifier with an encoder that computes in 32 bits."""
    return _classifier(torch.float32)


def _classifier(dtype: torch.dtype | None) -> Classifier:
    texts = Encoder(MiniLM(default_folder(), dtype))
    encoder = CaseEncoder(texts, TunedReader(load_file(FILE), dtype))
    return Classifier(encoder, load_head(encoder, head_path(texts)))


def seconds(what: Callable[[], object]) -> float:
    """Return how long `what` takes."""
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def same_causes(failures: Sequence[Failure]) -> float:
    """Return the share of failures with the same cause in fast and in exact numbers."""
    pairs = zip(load_classifier().read(failures), exact().read(failures), strict=True)
    return float(np.mean([fast.cause == slow.cause for fast, slow in pairs]))


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    path = parser.parse_args().data
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    failures = [Failure(id=str(k), **{p: row.get(p) for p in PARTS}) for k, row in enumerate(rows)]
    slow = seconds(usual([text_of(row) for row in rows]))
    ours = fresh()
    ours.read(failures[:1])
    fast = seconds(lambda: ours.read(failures))
    alone = fresh()
    alone.read(failures[-1:])
    ones = [seconds(partial(alone.read, [one])) * 1000 for one in failures[:ONES]]
    low, high = np.quantile(ones, [0.5, 0.95])
    print(f"# Speed on {len(rows)} records, {torch.get_num_threads()} threads\n")
    print("| | records a second | times |\n|---|---:|---:|")
    print(f"| sentence-transformers `encode`, then `predict` | {len(rows) / slow:.0f} | 1 |")
    print(f"| this classifier | {len(rows) / fast:.0f} | {slow / fast:.1f} |\n")
    print(f"One failure, warm: {low:.1f} ms (median), {high:.1f} ms (95th percentile).")
    print(
        f"Same cause as in 32 bits ({load_encoder().identity.split(':')[0]}): "
        f"{same_causes(failures):.1%}."
    )


if __name__ == "__main__":
    main()
