"""How fast a pilot's arms answer beside a plain `generate` loop, in one run, and whether alike.

    python -m benchmarks.pilot_answering [--data FOLDER] [--cases 120] [--runs 3]

The plain loop takes prompts in their order, in batches of eight, padded on the left. Both sides use
as many threads as torch is given; each run measures them one after the other.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from advisor.models.base import LoadedModel, load_base
from advisor.models.endpoint import Message
from advisor.models.generation import AnswerForm, choose, write
from benchmarks.banking import FAMILIES, INSTRUCTION, Case, banking

BATCH = 8
MOST = 20
"""Tokens of an answer: the longest label and some to spare."""
LABELS = tuple(sorted(FAMILIES))

Prompts = Sequence[Sequence[Message]]
Way = Callable[[LoadedModel, Prompts], list[str]]


def plain(base: LoadedModel, prompts: Prompts) -> list[str]:
    """Answer with `generate`, eight prompts at a time."""
    base.tokenizer.padding_side = "left"
    answers: list[str] = []
    for start in range(0, len(prompts), BATCH):
        turns: Any = [[one._asdict() for one in many] for many in prompts[start : start + BATCH]]
        tokens: Any = base.tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", padding=True
        )
        model: Any = base.model
        found = model.generate(**tokens.to(base.device), max_new_tokens=MOST, do_sample=False)
        new = found[:, tokens["input_ids"].shape[1] :]
        answers += base.tokenizer.batch_decode(new, skip_special_tokens=True)
    return answers


def written(base: LoadedModel, prompts: Prompts) -> list[str]:
    """Answer with `write`."""
    found = dict(write(base, prompts, max_new_tokens=MOST))
    return [found[place].text for place in range(len(prompts))]


def held(base: LoadedModel, prompts: Prompts) -> list[str]:
    """Answer with `write`, held to the labels."""
    found = dict(write(base, prompts, max_new_tokens=MOST, form=AnswerForm.labels(LABELS)))
    return [found[place].text for place in range(len(prompts))]


def chosen(base: LoadedModel, prompts: Prompts) -> list[str]:
    """Answer with `choose`."""
    found = dict(choose(base, prompts, LABELS))
    return [found[place].label for place in range(len(prompts))]


WAYS: dict[str, Way] = {
    "`generate`, batches of 8": plain,
    "written": written,
    "held to the labels": held,
    "label chosen": chosen,
}


def prompts_for(cases: Sequence[Case], shots: Sequence[Case]) -> Prompts:
    """Return the prompts of an arm that shows `shots`."""
    head = [Message("system", INSTRUCTION)]
    for one in shots:
        head += [Message("user", one.input), Message("assistant", one.expected)]
    return [[*head, Message("user", case.input)] for case in cases]


def measured(
    base: LoadedModel, prompts: Prompts, runs: int
) -> dict[str, tuple[list[float], list[str]]]:
    """Return seconds of each run and the answers, for each way."""
    took: dict[str, tuple[list[float], list[str]]] = {name: ([], []) for name in WAYS}
    for _ in range(runs):
        for name, way in WAYS.items():
            begun = time.perf_counter()
            answers = way(base, prompts)
            took[name][0].append(time.perf_counter() - begun)
            took[name] = (took[name][0], answers)
    return took


def show(arm: str, cases: Sequence[Case], base: LoadedModel, prompts: Prompts, runs: int) -> None:
    """Print the table of one arm."""
    took = measured(base, prompts, runs)
    slow, usual = took["`generate`, batches of 8"]
    print(f"\n## {arm}: {len(cases)} cases\n")
    print("| way | cases a second | times | same text | right |\n|---|---:|---:|---:|---:|")
    for name, (seconds, answers) in took.items():
        rate = len(cases) / statistics.median(seconds)
        times = statistics.median(a / b for a, b in zip(slow, seconds, strict=True))
        same = sum(a == b for a, b in zip(usual, answers, strict=True)) / len(cases)
        right = sum(
            answer.strip() == case.expected for answer, case in zip(answers, cases, strict=True)
        )
        print(f"| {name} | {rate:.2f} | {times:.1f} | {same:.0%} | {right / len(cases):.0%} |")


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    train, test = banking(given.data)
    cases = test[: given.cases]
    shots = [next(case for case in train if case.expected == label) for label in LABELS]
    base = load_base()
    written(base, prompts_for(cases[:1], ()))  # nothing is loaded in the first run
    print(f"# Answering: {base.name}, {base.dtype}, {torch.get_num_threads()} threads")
    for arm, shown in (("Few-shot, one example a label", shots), ("Plain prompt", [])):
        show(arm, cases, base, prompts_for(cases, shown), given.runs)


if __name__ == "__main__":
    main()
