"""How fast fine-tuning is beside TRL's SFTTrainer, at which held-out score, and what makes it so.

    python -m benchmarks.pilot_training [--data FOLDER] [--rounds N] [--steps N]
                                        [--without-default] [--scores]

FOLDER holds `tasks/banking77`. All sides train the same model on the same conversations, with the
same rank, batch and learning rate, in turns within one run; the first step of each turn is a
warm-up and not counted. Tokens are counted in one way for all: every row whole, padding left out.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from advisor.models.base import LoadedModel, load_base
from advisor.models.endpoint import Message
from advisor.models.generation import write
from advisor.models.lora import Training, TrainingExample, TrainingProgress, load_adapter, train
from advisor.models.lora.llama_layers import LlamaEngine
from advisor.models.lora.packing import TrainingRow, rows_of
from advisor.models.lora.transformers_engine import TransformersEngine
from advisor.pilot.comparing.statistics.intervals import mean_interval
from advisor.pilot.comparing.statistics.pairs import Sample
from benchmarks.banking import INSTRUCTION, Case, banking
from benchmarks.trl import float32, precision, trainer

FEW = 16
"""Examples in a turn: two steps an epoch, three epochs, as a whole run sees each three times."""
WORDS = 12
"""Tokens of an answer at most."""
WHOLE = Training(modules="all", held_out=0)
MLP = Training(held_out=0)
UPPER = Training(depth="upper", held_out=0)
Turn = Callable[[int], Sequence[float]]
"""Seconds of so many steps, behind a first one."""


@dataclass(frozen=True)
class Side:
    """One way of training."""

    name: str
    precision: str
    turn: Turn


class Clock:
    """Seconds between the signs of progress."""

    def __init__(self) -> None:
        """Begin now."""
        self._last = time.perf_counter()
        self.seconds: list[float] = []

    def tell(self, progress: TrainingProgress) -> None:
        """Note a step."""
        now = time.perf_counter()
        self.seconds.append(now - self._last)
        self._last = now


def conversations(cases: Sequence[Case]) -> list[TrainingExample]:
    """Return the cases as they are asked."""
    return [
        TrainingExample(
            (Message("system", INSTRUCTION), Message("user", case.input)), case.expected
        )
        for case in cases
    ]


def ours(
    base: LoadedModel, examples: Sequence[TrainingExample], settings: Training, name: str
) -> Side:
    """Return our loop; a turn is a whole run, so that what is kept pays as it does there."""

    def turn(steps: int) -> Sequence[float]:
        clock = Clock()
        with tempfile.TemporaryDirectory() as folder:
            train(base, examples, settings, Path(folder), clock.tell)
        return clock.seconds[1:]

    return Side(name, str(base.dtype).removeprefix("torch."), turn)


def theirs(
    base: LoadedModel, examples: Sequence[TrainingExample], name: str, **options: Any
) -> Side:
    """Return TRL's trainer with its own options but these."""
    out = tempfile.mkdtemp()
    made, clock = trainer(base, examples, WHOLE, Path(out), max_steps=1, **options)

    def turn(steps: int) -> Sequence[float]:
        clock.seconds.clear()
        made.args.max_steps = steps + 1
        made.train()
        return clock.seconds[1:]

    return Side(name, precision(made), turn)


def speed(sides: Sequence[Side], rounds: int, steps: int, tokens: float) -> None:
    """Print the tokens a second of each side, and how many times those of the first."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            seconds[side.name].append(statistics.fmean(side.turn(steps)))
    first = statistics.median(seconds[sides[0].name])
    for side in sides:
        middle = statistics.median(seconds[side.name])
        spread = f"{min(seconds[side.name]):.2f} to {max(seconds[side.name]):.2f}"
        print(
            f"{side.name:<34} {tokens / middle:8,.0f} tokens/s  {first / middle:6.1f} times  "
            f"({middle:.2f} s a step, {spread}; {side.precision})"
        )


class Trick(NamedTuple):
    """One step of the way from plain to fast."""

    name: str
    settings: Training
    shares: bool | None
    """Own layers, with a shared prefix or without; None: the modules of transformers."""
    every_word: bool = False


TRICKS = (
    Trick("transformers, scores of every token", WHOLE, None, every_word=True),
    Trick("scores only where an answer stands", WHOLE, None),
    Trick("own layers, nothing padded", WHOLE, False),
    Trick("the instruction computed once a step", WHOLE, True),
    Trick("adapters on the feed-forward maps only", MLP, True),
    Trick("lower half frozen and kept", UPPER, True),
)


def breakdown(base: LoadedModel, rows: Sequence[TrainingRow], rounds: int) -> None:
    """Print what each trick gives, one after the other, for one step of eight rows."""
    seconds: dict[str, list[float]] = {trick.name: [] for trick in TRICKS}
    for _ in range(rounds):
        for trick in TRICKS:
            seconds[trick.name].append(_timed(base, rows, trick))
    before = None
    for trick in TRICKS:
        middle = statistics.median(seconds[trick.name])
        gain = f"{before / middle:5.2f} times the one before" if before else ""
        print(f"{trick.name:<40} {middle:6.2f} s a step  {gain}")
        before = middle


def _timed(base: LoadedModel, rows: Sequence[TrainingRow], trick: Trick) -> float:
    engine: LlamaEngine | TransformersEngine
    if trick.shares is None:
        engine = TransformersEngine(base, trick.settings, lambda: None)
        engine.ends_only = not trick.every_word
    else:
        engine = LlamaEngine(base, trick.settings, lambda: None)
        engine.prefix = None if trick.shares else ()
    try:
        _step(engine, rows)
        began = time.perf_counter()
        _step(engine, rows)
        return time.perf_counter() - began
    finally:
        engine.close()


def _step(engine: LlamaEngine | TransformersEngine, rows: Sequence[TrainingRow]) -> None:
    for pack in engine.packs(rows, range(8)):
        engine.loss(pack).backward()  # type: ignore[no-untyped-call]


def scores(base: LoadedModel, examples: Sequence[TrainingExample], test: Sequence[Case]) -> None:
    """Train every side to the end and print what it gets right; TRL in 32 bits."""
    for name, settings in (("ours, all maps", Training(modules="all")), ("ours", Training()),
                           ("ours, upper half", Training(depth="upper"))):  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            done = train(base, examples, settings, Path(folder))
            print_score(name, load_adapter(base, Path(folder)), test, done.seconds)
    with tempfile.TemporaryDirectory() as folder:
        # computing layers again changes the time, not the numbers
        options = float32() | {"gradient_checkpointing": False}
        made, clock = trainer(base, examples, WHOLE, Path(folder), **options)
        made.train()
        made.save_model(folder)
        print_score("TRL", load_adapter(base, Path(folder)), test, sum(clock.seconds))


def print_score(name: str, base: LoadedModel, test: Sequence[Case], seconds: float) -> None:
    """Print what a model gets right."""
    asked = [one.messages for one in conversations(test)]
    answers = dict(write(base, asked, max_new_tokens=WORDS))
    right = np.array([answers[n].text.strip() == case.expected for n, case in enumerate(test)])
    low, high = mean_interval(Sample(right.astype(float), np.arange(len(test))))
    print(
        f"{name:<20} {right.mean():.1%} right ({low:.0%} to {high:.0%}), "
        f"trained in {seconds:,.0f} s"
    )


def main() -> None:
    """Print speed, what gives it, and the held-out scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=2, help="steps of TRL that count in a turn")
    parser.add_argument("--without-default", action="store_true",
                        help="leave out TRL in the precision it chooses")  # fmt: skip
    parser.add_argument("--scores", action="store_true", help="train to the end and score")
    given = parser.parse_args()
    cases, test = banking(given.data)
    examples = conversations(cases)
    base = load_base()
    rows = rows_of(base, examples, 2_048).rows
    each = statistics.fmean(row.tokens for row in rows)
    print(f"{base.name}, {torch.get_num_threads()} threads, {each:.0f} tokens a row on average")
    few = examples[:FEW]
    sides = [
        theirs(base, few, "TRL, 32 bits forced", **float32()),
        theirs(base, few, "TRL, 32 bits, nothing twice", **float32(), gradient_checkpointing=False),
        ours(base, few, WHOLE, "ours, all maps as in TRL"),
        ours(base, few, MLP, "ours, as it is set"),
        ours(base, few, UPPER, "ours, upper half"),
    ]
    if not given.without_default:
        sides.insert(0, theirs(base, few, "TRL as documented"))
    speed(sides, given.rounds, given.steps, each * WHOLE.batch)
    breakdown(base, rows, given.rounds)
    if given.scores:
        scores(base, examples, test)


if __name__ == "__main__":
    main()
