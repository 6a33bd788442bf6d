"""Answers on their way to the worker: scored and sent at least once a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from math import isfinite
from types import TracebackType
from typing import Self

from advisor.domain.pilot_result import ArmAnswer, Loss
from advisor.pilot.arms.arm import Diary
from advisor.pilot.running.compute.joined_usage import joined, joined_losses
from advisor.pilot.running.compute.messages import Gave, Message, Noted

EVERY = 1.0
"""Seconds between two sendings."""

Score = Callable[[Sequence[ArmAnswer]], tuple[ArmAnswer, ...]]


class Outbox:
    """Takes answers as they come; a thread scores and sends them, with what the arm noted down.

    What goes wrong while scoring is raised where the next answer is put in, or at the end.
    """

    def __init__(self, send: Callable[[Message], None], score: Score) -> None:
        """Send with `send` what `score` returns."""
        self._send, self._score = send, score
        self._diaries: list[Diary] = []
        self._held: list[ArmAnswer] = []
        self._one = threading.Lock()
        self._noted = Noted()
        self._over = threading.Event()
        self._wrong: Exception | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send the rest."""
        self._over.set()
        self._thread.join()
        if self._wrong and error is None:
            raise self._wrong

    def diary(self) -> Diary:
        """Return a new diary, for the next part of the run."""
        diary = Diary()
        with self._one:
            self._diaries.append(diary)
        return diary

    def put(self, given: ArmAnswer) -> None:
        """Take one answer."""
        if self._wrong:
            raise self._wrong
        with self._one:
            self._held.append(given)

    def _work(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._flush()
            self._flush()
        except Exception as error:
            self._wrong = error

    def _flush(self) -> None:
        with self._one:
            held, self._held = self._held, []
            noted = noted_of(self._diaries)
        if noted != self._noted:
            self._send(noted)
            self._noted = noted
        if held:
            self._send(Gave(given=self._score(held)))


def noted_of(diaries: Sequence[Diary]) -> Noted:
    """Return what an arm noted down in all parts; a loss that is no number is left out."""
    losses: tuple[Loss, ...] = ()
    details: dict[str, object] = {}
    for diary in diaries:
        losses = joined_losses(losses, [one for one in list(diary.losses) if isfinite(one.loss)])
        details |= diary.details
    return Noted(usage=joined(one.usage for one in diaries), losses=losses, details=details)
