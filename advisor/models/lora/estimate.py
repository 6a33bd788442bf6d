"""How long training will take, from one step that is measured."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import torch

from advisor.models.base import Base
from advisor.models.lora.engine import Engine
from advisor.models.lora.examples import Example, rows_of
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.open_engine import open_engine
from advisor.models.lora.packing import Pack, Row
from advisor.models.lora.training_run import Course, split


class Pace(NamedTuple):
    """Seconds for each token of a pack."""

    first: float
    """Forward, when its rows are seen for the first time."""
    forward: float
    both: float
    """Forward and backward."""


def estimate(base: Base, examples: Sequence[Example], settings: Training) -> float:
    """Return the seconds that `train` would take if it did not stop early; takes a few itself.

    Raises:
        InputError: an example is unusable.
        ModelError: the base model cannot be trained.
    """
    began = time.monotonic()
    rows = rows_of(base, examples, settings.longest).rows
    course = Course(split(len(rows), settings), settings)
    engine = open_engine(base, settings, lambda: None)
    opened = time.monotonic() - began
    try:
        return opened + _seconds(engine, rows, course)
    finally:
        engine.close()


def _seconds(engine: Engine, rows: Sequence[Row], course: Course) -> float:
    steps = [pack for step in range(course.each) for pack in engine.packs(rows, course.batch(step))]
    judged = engine.packs(rows, course.split.held_out)
    pace = _pace(engine, sorted(steps, key=lambda pack: pack.size))
    trained, looked = _tokens(steps), _tokens(judged)
    once = (trained + looked) * max(pace.first - pace.forward, 0)
    return once + course.settings.epochs * (trained * pace.both + looked * pace.forward)


def _tokens(packs: Sequence[Pack]) -> int:
    return sum(pack.size for pack in packs)


def _pace(engine: Engine, packs: Sequence[Pack]) -> Pace:
    """Measure on packs of about the middle size, in the order in which training would see them."""
    known, new = packs[len(packs) // 2], packs[len(packs) // 2 - 1]
    _timed(engine, known, True)  # the first step of all fetches memory
    return Pace(_timed(engine, new, False), _timed(engine, new, False), _timed(engine, known, True))


def _timed(engine: Engine, pack: Pack, backward: bool) -> float:
    """Return the seconds for each token."""
    began = time.monotonic()
    with torch.set_grad_enabled(backward):
        loss = engine.loss(pack)
        if backward:
            loss.backward()  # type: ignore[no-untyped-call]
    loss.item()  # waits for a GPU
    return (time.monotonic() - began) / pack.size
