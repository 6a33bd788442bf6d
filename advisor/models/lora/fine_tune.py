"""Fine-tuning, from examples to an adapter."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from advisor.core.files import write_whole
from advisor.core.strict import Strict, digest
from advisor.domain.pilot_result import Loss
from advisor.errors import InputError, Problem
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Stop, never
from advisor.models.lora.adapter import save_adapter
from advisor.models.lora.engine import Engine, Pulse, peak_memory_on
from advisor.models.lora.llama_layers import LlamaEngine, speaks_llama
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.optimising import StepPlan, hold_out
from advisor.models.lora.packing import Pack, TrainingExample, TrainingRow, rows_of
from advisor.models.lora.training_run import Halted, TrainingProgress, TrainingRun
from advisor.models.lora.training_state import remove_state
from advisor.models.lora.transformers_engine import TransformersEngine


def open_engine(base: LoadedModel, settings: Training, pulse: Pulse) -> Engine:
    """Return what trains `base` fastest."""
    kind = LlamaEngine if speaks_llama(base.model) else TransformersEngine
    return kind(base, settings, pulse)


BREATH = 0.1
"""Seconds after which it is asked whether to stop."""
RESULT = "trained.json"
"""Written last, so that its being there means that the adapter is whole."""


class Trained(Strict):
    """What a training run gave."""

    run: str
    """Stands for the model, the examples and the settings."""
    adapter: Path
    """The folder with the adapter."""
    losses: tuple[Loss, ...]
    tokens: int
    """Of all examples in all steps, counted as if each had been computed on its own."""
    seconds: float
    steps: int
    stopped_early: bool
    """Whether the examples held out got worse."""
    cut: int
    """Examples too long: the middle of the last message or the end of the answer is missing."""
    peak_memory: float
    """Megabytes of the process, or of its share of the GPU."""


def train(
    base: LoadedModel,
    examples: Sequence[TrainingExample],
    settings: Training,
    folder: Path,
    tell: Callable[[TrainingProgress], object] = lambda progress: None,
    stop: Stop = never,
) -> Trained:
    """Fine-tune `base` and leave the adapter in `folder`; go on with what lies there.

    The same examples, settings and seed give the same adapter on the same machine with the same
    number of threads, however often the run was broken off.

    Raises:
        InputError: an example is unusable, or `folder` cannot be written.
        ModelError: the base model cannot be trained, or the loss is no number any more.
        Halted: `stop` said so; the checkpoint in `folder` says where to go on.
    """
    _make(folder)
    name = _name(base, examples, settings)
    done = _done(folder, name)
    if done is not None:
        return done
    rows = rows_of(base, examples, settings.longest)
    engine = open_engine(base, settings, _pulse(stop))
    try:
        run = TrainingRun(base, engine, rows.rows, settings, folder, name, tell)
        run.go()
    finally:
        engine.close()
    save_adapter(folder, base, engine.lora)
    trained = Trained(
        run=name,
        adapter=folder,
        losses=run.state.losses,
        tokens=run.state.tokens,
        seconds=run.seconds,
        steps=run.state.step,
        stopped_early=run.state.step < run.course.steps,
        cut=rows.cut,
        peak_memory=max(run.state.peak_memory, peak_memory_on(base.device)),
    )
    write_whole(folder / RESULT, trained.model_dump_json(indent=2, exclude={"adapter"}).encode())
    remove_state(folder)
    return trained


def _name(base: LoadedModel, examples: Sequence[TrainingExample], settings: Training) -> str:
    return digest([
        base.identity,
        str(base.dtype),
        [[example.messages, example.completion] for example in examples],
        settings.model_dump(mode="json"),
    ])


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot be made: {error.strerror}"
        raise InputError(Problem(str(folder), what, "Give another place")) from None


def _done(folder: Path, name: str) -> Trained | None:
    try:
        kept = json.loads((folder / RESULT).read_text("utf-8"))
        found = Trained.model_validate({**kept, "adapter": folder})
    except (OSError, ValueError, TypeError):
        return None
    return found if found.run == name else None


def _pulse(stop: Stop) -> Pulse:
    asked = time.monotonic()

    def pulse() -> None:
        nonlocal asked
        now = time.monotonic()
        if now - asked >= BREATH:
            asked = now
            if stop():
                raise Halted

    return pulse


class TrainingPace(NamedTuple):
    """Seconds for each token of a pack."""

    first: float
    """Forward, when its rows are seen for the first time."""
    forward: float
    both: float
    """Forward and backward."""


def estimate(base: LoadedModel, examples: Sequence[TrainingExample], settings: Training) -> float:
    """Return the seconds that `train` would take if it did not stop early; takes a few itself.

    Raises:
        InputError: an example is unusable.
        ModelError: the base model cannot be trained.
    """
    began = time.monotonic()
    rows = rows_of(base, examples, settings.longest).rows
    course = StepPlan(hold_out(len(rows), settings), settings)
    engine = open_engine(base, settings, lambda: None)
    opened = time.monotonic() - began
    try:
        return opened + _seconds(engine, rows, course)
    finally:
        engine.close()


def _seconds(engine: Engine, rows: Sequence[TrainingRow], course: StepPlan) -> float:
    steps = [pack for step in range(course.each) for pack in engine.packs(rows, course.batch(step))]
    judged = engine.packs(rows, course.split.held_out)
    pace = _pace(engine, sorted(steps, key=lambda pack: pack.size))
    trained, looked = _tokens(steps), _tokens(judged)
    once = (trained + looked) * max(pace.first - pace.forward, 0)
    return once + course.settings.epochs * (trained * pace.both + looked * pace.forward)


def _tokens(packs: Sequence[Pack]) -> int:
    return sum(pack.size for pack in packs)


def _pace(engine: Engine, packs: Sequence[Pack]) -> TrainingPace:
    """Measure on packs of about the middle size, in the order in which training would see them."""
    known, new = packs[len(packs) // 2], packs[len(packs) // 2 - 1]
    _timed(engine, known, True)  # the first step of all fetches memory
    return TrainingPace(
        _timed(engine, new, False), _timed(engine, new, False), _timed(engine, known, True)
    )


def _timed(engine: Engine, pack: Pack, backward: bool) -> float:
    """Return the seconds for each token."""
    began = time.monotonic()
    with torch.set_grad_enabled(backward):
        loss = engine.loss(pack)
        if backward:
            loss.backward()  # type: ignore[no-untyped-call]
    loss.item()  # waits for a GPU
    return (time.monotonic() - began) / pack.size
