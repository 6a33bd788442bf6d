"""One training run, step by step; it can be broken off anywhere and goes on where it was."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from advisor.domain.pilot_result import Loss
from advisor.errors import ModelError
from advisor.models.base import LoadedModel
from advisor.models.lora.engine import Engine, peak_memory_on
from advisor.models.lora.lora_settings import Training
from advisor.models.lora.optimising import Adam, StepPlan, hold_out, share_of_rate
from advisor.models.lora.packing import TrainingRow
from advisor.models.lora.training_state import TrainingState, load_state, save_state

KEEP_EVERY = 30.0
"""Seconds; so much is lost at most when the process is killed."""
SMALL_GAIN = 0.01
"""Nats a token; an epoch that gains less on the examples held out counts as one without gain: it
costs its time, and makes the model forget more of what it could do."""


class Halted(Exception):
    """Training was asked to stop; the checkpoint says where to go on."""


class TrainingProgress(NamedTuple):
    """How far training is."""

    step: int
    steps: int
    """If it does not stop early."""
    loss: float
    """Of the last step, a token."""
    held_out: float | None
    """Of the examples held out, after the last epoch."""
    tokens: int
    seconds: float
    seconds_left: float


class TrainingRun:
    """A run with everything that changes in it."""

    def __init__(
        self,
        base: LoadedModel,
        engine: Engine,
        rows: Sequence[TrainingRow],
        settings: Training,
        folder: Path,
        name: str,
        tell: Callable[[TrainingProgress], object],
    ) -> None:
        """Begin, or go on with what the run of the same `name` left in `folder`."""
        self._engine, self._rows, self._settings = engine, rows, settings
        self._device, self._folder, self._tell = base.device, folder, tell
        self._rate = settings.rate(base.model.num_parameters())
        self.course = StepPlan(hold_out(len(rows), settings), settings)
        self._adam = Adam(engine.lora.values, engine.lora.grads)
        self._best = engine.lora.values.clone()
        self.state = TrainingState(run=name)
        found = load_state(folder, name, {key: one.shape for key, one in self._tensors.items()})
        if found is not None:
            self.state, tensors = found
            for key, tensor in self._tensors.items():
                tensor.copy_(tensors[key])
            engine.refresh()
        self._worked, self._since = self.state.seconds, time.monotonic()
        self._written = self._since

    @property
    def _tensors(self) -> dict[str, Tensor]:
        adam = self._adam
        return {
            "values": adam.values, "first": adam.first, "second": adam.second, "best": self._best
        }  # fmt: skip

    def go(self) -> None:
        """Train to the end, and leave the best adapter in the engine.

        Raises:
            Halted: it was asked to stop.
            ModelError: the loss is no number any more.
        """
        try:
            while self._judge() and self.state.step < self.course.steps:
                self._step()
        except Halted:
            self._keep()
            raise
        if self.course.split.held_out:
            self._adam.values.copy_(self._best)
            self._engine.refresh()

    def _judge(self) -> bool:
        """Look at the examples held out if an epoch has just ended; tell whether to go on."""
        held_out, state = self.course.split.held_out, self.state
        if held_out and state.judged < state.step // self.course.each:
            loss = self._loss_of(held_out)
            better = state.best is None or loss < state.best
            much = state.best is None or loss < state.best - SMALL_GAIN
            if better:
                self._best.copy_(self._adam.values)
            last = state.losses[-1].model_copy(update={"held_out": loss})
            self.state = state.after(
                judged=state.judged + 1,
                best=loss if better else state.best,
                worse=0 if much else state.worse + 1,
                losses=(*state.losses[:-1], last),
            )
        return self.state.worse < self._settings.patience

    @torch.no_grad()
    def _loss_of(self, places: Sequence[int]) -> float:
        packs = self._engine.packs(self._rows, places)
        total = sum(float(self._engine.loss(pack)) for pack in packs)
        return total / sum(len(pack.labels) for pack in packs)

    def _step(self) -> None:
        step = self.state.step
        packs = self._engine.packs(self._rows, self.course.batch(step))
        counted = sum(len(pack.labels) for pack in packs)
        self._adam.grads.zero_()
        total = 0.0
        for pack in packs:
            loss = self._engine.loss(pack)
            (loss / counted).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        rate = self._rate * share_of_rate(step, self.course.steps, self._settings.warm_up)
        if not math.isfinite(total) or not self._adam.step(step + 1, rate, self._settings.clip):
            raise self._broken()
        self._engine.refresh()
        self._note(total / counted, sum(pack.stands_for for pack in packs))

    def _broken(self) -> ModelError:
        self._keep()
        lower = f"{self._rate / 4:.1g}"
        return ModelError(
            f"Training broke off in step {self.state.step + 1}: the loss is not a number. What was "
            f"learned before is kept. Set a lower learning rate, such as {lower}"
        )

    def _note(self, loss: float, tokens: int) -> None:
        self.state = self.state.after(
            step=self.state.step + 1,
            losses=(*self.state.losses, Loss(step=self.state.step + 1, loss=loss)),
            tokens=self.state.tokens + tokens,
        )
        if time.monotonic() - self._written >= KEEP_EVERY:
            self._keep()
        self._tell(self._progress())

    def _keep(self) -> None:
        """Write down where the run is."""
        self.state = self.state.after(
            seconds=self.seconds,
            peak_memory=max(self.state.peak_memory, peak_memory_on(self._device)),
        )
        save_state(self._folder, self.state, self._tensors)
        self._written = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of work in all, interruptions left out."""
        return self._worked + time.monotonic() - self._since

    def _progress(self) -> TrainingProgress:
        state, steps = self.state, self.course.steps
        judged = [loss.held_out for loss in state.losses if loss.held_out is not None]
        return TrainingProgress(
            step=state.step,
            steps=steps,
            loss=state.losses[-1].loss,
            held_out=judged[-1] if judged else None,
            tokens=state.tokens,
            seconds=self.seconds,
            seconds_left=self.seconds / state.step * (steps - state.step),
        )
