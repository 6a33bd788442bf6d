"""The process that computes for a worker: one order after another, nothing of the database.

It is modest: last in line for the processor, and gone as soon as its worker is.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import psutil

from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.error_messages import words_for
from advisor.pilot.running.compute.messages import (
    ComputeMessage,
    EndedMessage,
    WorkOrder,
    line_of,
    read_frozen,
)
from advisor.pilot.running.compute.orders import JOBS, OrderContext

NICE = 10


def main(arms: Sequence[Arm] | None = None) -> None:
    """Do what the worker orders; the arguments are the frozen pilot and a folder to write into."""
    channel = Channel()
    orders = OrderQueue()
    _be_modest()
    file, folder = map(Path, sys.argv[1:3])
    if arms is None:
        from advisor.pilot.arms.registry import ARMS  # heavy: bm25s

        arms = tuple(ARMS.values())
    frozen = read_frozen(file)
    context = OrderContext(
        frozen, folder, {arm.name: arm for arm in arms}, channel.send, orders.stop.is_set
    )
    for order in orders:
        channel.send(_done(context, order))


def _done(context: OrderContext, order: WorkOrder) -> EndedMessage:
    try:
        return JOBS[order.do](context, order)
    except Exception as error:
        logging.getLogger(__name__).exception("An order failed")
        return EndedMessage(state="failed", why=words_for(error))


def _be_modest() -> None:
    with suppress(psutil.Error, OSError):
        psutil.Process().nice(NICE if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS)


class Channel:
    """Sends messages to the worker; everything else that is printed goes to the log."""

    def __init__(self) -> None:
        """Take standard output for messages alone."""
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        self._one = threading.Lock()
        os.dup2(2, 1)

    def send(self, message: ComputeMessage) -> None:
        """Send one message."""
        with self._one:
            self._out.write(line_of(message))


class OrderQueue:
    """Orders of the worker, one after the other; `stop` is about the one being done."""

    def __init__(self, lines: BinaryIO | None = None) -> None:
        """Begin to read."""
        self._waiting: queue.SimpleQueue[WorkOrder] = queue.SimpleQueue()
        self.stop = threading.Event()
        lines = lines or sys.stdin.buffer
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def __iter__(self) -> Iterator[WorkOrder]:
        """Yield each order when it is there."""
        while True:
            yield self._waiting.get()

    def _read(self, lines: BinaryIO) -> None:
        for line in iter(lines.readline, b""):
            order = WorkOrder.model_validate_json(line)
            if order.do == "stop":
                self.stop.set()
            else:
                self.stop.clear()
                self._waiting.put(order)
        os._exit(0)  # the worker is gone: nobody would hear another word


if __name__ == "__main__":
    main()
