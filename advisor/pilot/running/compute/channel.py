"""The lines between a worker and the process that computes for it, on the side of the latter."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

from advisor.pilot.running.compute.messages import Message, WorkOrder, line_of


class Channel:
    """Sends messages to the worker; everything else that is printed goes to the log."""

    def __init__(self) -> None:
        """Take standard output for messages alone."""
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        self._one = threading.Lock()
        os.dup2(2, 1)

    def send(self, message: Message) -> None:
        """Send one message."""
        with self._one:
            self._out.write(line_of(message))


class Orders:
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
