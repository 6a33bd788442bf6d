"""The process that computes for a worker: one order after another, nothing of the database.

It is modest: last in line for the processor, and gone as soon as its worker is.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from advisor.domain.frozen_pilot import read_frozen
from advisor.pilot.arms.arm import Arm
from advisor.pilot.running.compute.channel import Channel, Orders
from advisor.pilot.running.compute.error_messages import words_for
from advisor.pilot.running.compute.messages import Ended, WorkOrder
from advisor.pilot.running.compute.orders import JOBS, Scene

NICE = 10


def main(arms: Sequence[Arm] | None = None) -> None:
    """Do what the worker orders; the arguments are the frozen pilot and a folder to write into."""
    channel = Channel()
    orders = Orders()
    _be_modest()
    file, folder = map(Path, sys.argv[1:3])
    if arms is None:
        from advisor.pilot.arms.registry import ARMS  # heavy: scipy

        arms = tuple(ARMS.values())
    frozen = read_frozen(file)
    scene = Scene(frozen, folder, {arm.name: arm for arm in arms}, channel.send, orders.stop.is_set)
    for order in orders:
        channel.send(_done(scene, order))


def _done(scene: Scene, order: WorkOrder) -> Ended:
    try:
        return JOBS[order.do](scene, order)
    except Exception as error:
        logging.getLogger(__name__).exception("An order failed")
        return Ended(state="failed", why=words_for(error))


def _be_modest() -> None:
    with suppress(psutil.Error, OSError):
        psutil.Process().nice(NICE if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS)


if __name__ == "__main__":
    main()
