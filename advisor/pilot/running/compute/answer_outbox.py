"""Answers on their way to the worker: scored and sent at least once a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from math import isfinite
from types import TracebackType
from typing import Self

from advisor.domain.pilot_result import ArmAnswer, Loss, joined, joined_losses
from advisor.pilot.arms.arm import ArmNotes
from advisor.pilot.running.compute.messages import AnswersMessage, ComputeMessage, NotesMessage

EVERY = 1.0
"""Seconds between two sendings."""

Score = Callable[[Sequence[ArmAnswer]], tuple[ArmAnswer, ...]]


class AnswerOutbox:
    """Takes answers as they come; a thread scores and sends them, with what the arm noted down.

    What goes wrong while scoring is raised where the next answer is put in, or at the end.
    """

    def __init__(self, send: Callable[[ComputeMessage], None], score: Score) -> None:
        """Send with `send` what `score` returns."""
        self._send, self._score = send, score
        self._notes: list[ArmNotes] = []
        self._held: list[ArmAnswer] = []
        self._one = threading.Lock()
        self._noted = NotesMessage()
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

    def notes(self) -> ArmNotes:
        """Return a new notes, for the next part of the run."""
        notes = ArmNotes()
        with self._one:
            self._notes.append(notes)
        return notes

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
            noted = notes_message(self._notes)
        if noted != self._noted:
            self._send(noted)
            self._noted = noted
        if held:
            self._send(AnswersMessage(given=self._score(held)))


def notes_message(notes: Sequence[ArmNotes]) -> NotesMessage:
    """Return what an arm noted down in all parts; a loss that is no number is left out."""
    losses: tuple[Loss, ...] = ()
    details: dict[str, object] = {}
    for part in notes:
        finite = [point for point in list(part.losses) if isfinite(point.loss)]
        losses = joined_losses(losses, finite)
        details |= part.details
    return NotesMessage(usage=joined(one.usage for one in notes), losses=losses, details=details)
