"""Work that is done again and again behind the screens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from advisor.errors import AdvisorError

_LOG = logging.getLogger("advisor")


def keep_doing(
    name: str,
    every: float,
    do: Callable[[], object],
    faults: tuple[type[Exception], ...] = (AdvisorError,),
) -> threading.Event:
    """Do something in a thread, now and every so many seconds after it was done.

    Args:
        name: What it is, for the log.
        every: Seconds between two times.
        do: What is done.
        faults: What may go wrong; it is logged, and no screen fails with it.

    Returns:
        What ends it once it is set; else it ends with the process.
    """
    over = threading.Event()

    def work() -> None:
        while True:
            try:
                do()
            except faults as error:
                _LOG.warning("%s: %s", name, error)
            if over.wait(every):
                return

    threading.Thread(target=work, name=name, daemon=True).start()
    return over
