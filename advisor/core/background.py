"""Work that is done again and again behind the screens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from advisor.errors import AdvisorError

_LOG = logging.getLogger("advisor")


def keep_doing(name: str, every: float, do: Callable[[], object]) -> threading.Event:
    """Do something in a thread, now and every so many seconds after it was done.

    What goes wrong is logged and tried again: no screen waits for it, and none fails with it.

    Args:
        name: What it is, for the log.
        every: Seconds between two times.
        do: What is done.

    Returns:
        What ends it once it is set; else it ends with the process.
    """
    over = threading.Event()

    def work() -> None:
        while True:
            try:
                do()
            except (AdvisorError, OSError) as error:
                _LOG.warning("In the background, %s: %s", name, error)
            except Exception:  # a thread that died would be missed by nobody
                _LOG.exception("In the background, %s", name)
            if over.wait(every):
                return

    threading.Thread(target=work, name=name, daemon=True).start()
    return over
