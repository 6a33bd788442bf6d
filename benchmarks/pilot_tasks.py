"""Whether pilots come out as the literature says: every arm on real tasks, within a time limit.

    python -m benchmarks.pilot_tasks [--data FOLDER] [--task NAME ...] [--minutes N]
                                     [--arm NAME ...] [--train N] [--test N] [--seed N]

FOLDER holds one folder a task: `meta.json`, `train.jsonl`, `test.jsonl`, and `corpus.jsonl` where
there is something to look up. Training and test cases are drawn by the seed; arms that the time
limit cuts short count with the cases that they answered.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from advisor.core.process_memory import peak_memory
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun
from advisor.domain.pilot_spec import ArmName, Metric, Scoring, Spec, Task
from advisor.errors import AdvisorError
from advisor.pilot.arms.arm import Arm, ArmJob
from advisor.pilot.arms.registry import ARMS, fitting_arms
from advisor.pilot.comparing import Comparison, ComparisonOutcome, Contrast
from advisor.pilot.data import Upload, freeze, share_of
from advisor.pilot.metrics import score_all
from advisor.pilot.running.worker.result_figures import comparison_of

DATA = Path("../shared/data/tasks")
MINUTES = 4.0
PLAIN, WITH_DOCUMENTS = (200, 100), (96, 60)
"""Training and test cases; prompts with passages are many times as long."""
METRICS: Mapping[str, tuple[Task, Metric]] = {
    "exact": (Task.CLASSIFICATION, Metric.EXACT),
    "json_f1": (Task.EXTRACTION, Metric.JSON_F1),
    "redact_exact": (Task.GENERATION, Metric.EXACT),
    "token_f1": (Task.QUESTION_ANSWERING, Metric.TOKEN_F1),
    "rougeL_recall": (Task.QUESTION_ANSWERING, Metric.ROUGE_L_RECALL),
}
"""Our task and metric for each metric of the task files."""
LEARN, LOOK_UP = (
    (ArmName.FEW_SHOT, ArmName.CONSTRAINED, ArmName.RETRIEVAL, ArmName.CLASSIFIER,
     ArmName.FINE_TUNING),
    (ArmName.RETRIEVAL, ArmName.FINE_TUNING_RETRIEVAL),
)  # fmt: skip
FIRST = (
    ArmName.PROMPT, ArmName.FEW_SHOT, ArmName.RETRIEVAL, ArmName.FINE_TUNING,
    ArmName.FINE_TUNING_RETRIEVAL, ArmName.CLASSIFIER, ArmName.CONSTRAINED, ArmName.PROMPT_BEST,
)  # fmt: skip
"""Arms in the order in which they run: what decides comes first, as time may run out."""


@dataclass(frozen=True)
class Finding:
    """What the literature finds for one kind of problem."""

    recommended: ArmName
    winners: tuple[ArmName, ...]
    over: ArmName
    """The arm that a winner must beat."""
    words: str


FINDINGS = {
    "behaviour": Finding(
        ArmName.FINE_TUNING, LEARN, ArmName.PROMPT, "learning from examples beats the plain prompt"
    ),
    "knowledge": Finding(
        ArmName.RETRIEVAL, LOOK_UP, ArmName.FINE_TUNING, "looking up beats fine-tuning"
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all tasks and print what came out."""
    options = _options(arguments)
    folders = sorted(one.parent for one in options.data.glob("*/meta.json"))
    agreed = []
    for folder in folders:
        if not options.task or folder.name in options.task:
            agreed.append(_task(folder, options))
    print(f"{sum(agreed)} of {len(agreed)} tasks agree with the literature in direction")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--task", nargs="*", default=[])
    parser.add_argument("--arm", nargs="*", type=ArmName, default=[])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--train", type=int)
    parser.add_argument("--test", type=int)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def _task(folder: Path, options: argparse.Namespace) -> bool:
    """Run one task; whether it agrees with the literature."""
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    finding = FINDINGS[meta["problem"]]
    frozen = load(folder, meta, finding, options)
    sizes = ", ".join(f"{len(side)} {name}" for name, side in _sides(frozen))
    print(f"\n## {meta['name']} ({meta['problem']}: {meta['literature']['winner']})\n{sizes}")
    end = time.monotonic() + 60 * options.minutes
    wanted = [arm for arm in _ordered(frozen) if not options.arm or arm.name in options.arm]
    runs = tuple(_run(arm, frozen, options.seed, lambda: time.monotonic() > end) for arm in wanted)
    found = comparison_of(frozen, runs)
    for line in (*_scores(found, runs), *_verdict(found), f"peak memory {peak_memory():,.0f} MB"):
        print(line)
    agrees, words = judged(found, finding)
    print(words, flush=True)
    return agrees


def _sides(frozen: Frozen) -> Iterator[tuple[str, Sequence[Any]]]:
    yield "training cases", frozen.data.train
    yield "test cases", frozen.data.test
    yield "passages", frozen.data.documents


def load(
    folder: Path, meta: Mapping[str, Any], finding: Finding, options: argparse.Namespace
) -> Frozen:
    """Return a task as a pilot with so many cases as the time allows."""
    task, metric = METRICS[meta["metric"]]
    spec = Spec(
        title=meta["name"],
        task=task,
        instruction=meta["instruction"],
        labels=tuple(meta.get("labels", ())),
        scoring=Scoring(metric=metric),
        recommended=finding.recommended,
    )
    corpus = folder / "corpus.jsonl"
    documents = [_upload(corpus)] if corpus.is_file() else []
    train, test = _upload(folder / "train.jsonl"), _upload(folder / "test.jsonl")
    frozen = freeze(spec, train=train, test=test, documents=documents)
    usual = WITH_DOCUMENTS if documents else PLAIN
    wanted = (options.train or usual[0], options.test or usual[1])
    sides = (frozen.data.train, frozen.data.test)
    drawn = [
        share_of(side, min(1.0, many / len(side)), options.seed)
        for side, many in zip(sides, wanted, strict=True)
    ]
    return replace(frozen, data=replace(frozen.data, train=drawn[0], test=drawn[1]))


def _upload(path: Path) -> Upload:
    return Upload(path.name, path.read_bytes())


def _ordered(frozen: Frozen) -> list[Arm]:
    fit = fitting_arms(frozen)
    return [ARMS[name] for name in FIRST if ARMS[name] in fit]


def _run(arm: Arm, frozen: Frozen, seed: int, stop: Callable[[], bool]) -> ArmRun:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        job = ArmJob(frozen, Path(folder), seed, 1.0, lambda progress: None, stop)
        try:
            answers, why = tuple(arm.answer(job)), ""
        except AdvisorError as error:
            answers, why = (), str(error)
    whole = len(answers) == len(frozen.data.test)
    run = ArmRun(
        arm=arm.name,
        seed=seed,
        state="failed" if why else "done" if whole else "stopped",
        why=why or ("" if whole else "The time limit was reached."),
        answers=score_all(frozen, answers),
        usage=job.notes.usage,
        details=job.notes.details,
    )
    print(f"  {arm.name}: {time.monotonic() - begun:.0f} s {_telling(run)}", flush=True)
    return run


def _telling(run: ArmRun) -> str:
    told = {name: run.details[name] for name in ("hit_rate", "wording") if name in run.details}
    return f"{run.why} {told or ''}".strip()


def _scores(found: Comparison, runs: Sequence[ArmRun]) -> Iterator[str]:
    yield "| arm | score | 95 % interval | cases | answering s | training s | tokens in, out |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    usage = {run.arm: run.usage for run in runs}
    for one in found.arms:
        used = usage[ArmName(one.name)]
        yield (
            f"| {one.name} | {one.score or 0:.3f} | {one.low or 0:.3f} to {one.high or 0:.3f} "
            f"| {one.n} | {used.answering_seconds:.0f} | {used.training_seconds:.0f} "
            f"| {used.tokens_in:,}, {used.tokens_out:,} |"
        )


def _verdict(found: Comparison) -> Iterator[str]:
    verdict = found.verdict
    yield f"verdict: {verdict.outcome} ({verdict.recommended}): {verdict.because}"


def judged(found: Comparison, finding: Finding) -> tuple[bool, str]:
    """Return whether the best arm is one that the literature says, and how sure that is."""
    best = found.verdict.best
    if best is None or best.score == 0:
        return False, "direction: unknown, as no arm scores anything"
    if ArmName(best.arm) not in finding.winners:
        return False, f"direction: DISAGREES ({finding.words}); best is {best.arm}"
    pair = next(
        (one for one in found.comparisons if {one.a, one.b} == {best.arm, finding.over}), None
    )
    if pair is None:
        return False, f"direction: unknown, as {finding.over} has no score"
    sure = "beyond doubt" if _surpasses(pair, best.arm) else "not beyond doubt"
    gain = abs(pair.difference)
    return True, f"direction: agrees ({finding.words}), {sure}: {best.arm} by {gain:.3f}"


def _surpasses(pair: Contrast, best: str) -> bool:
    return pair.outcome == (ComparisonOutcome.BETTER if pair.b == best else ComparisonOutcome.WORSE)


if __name__ == "__main__":
    main()
