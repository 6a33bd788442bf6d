"""The reader of failures, loaded in the background before somebody needs it."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress

from advisor.errors import AdvisorError

_cold = threading.Event()
"""Set while a server has not begun to load the reader."""


def expect_readers() -> None:
    """Let the next `warm_up` load the reader; without a server it does nothing."""
    _cold.set()


def warm_up() -> None:
    """Begin to load what reads failures, so that it is there when somebody needs it."""
    if _cold.is_set():
        _cold.clear()
        threading.Thread(target=_load_quietly, daemon=True).start()


def _load_quietly() -> None:
    from advisor.triage.assessing.active_classifier import active_classifier  # heavy: numpy
    from advisor.triage.recommend import load_tools  # heavy: rule_engine

    with suppress(AdvisorError):  # the page that needs it says what is wrong
        load_tools(classifier=active_classifier())
    gc.freeze()  # what is loaded stays: going through it for garbage held up every page
