"""How much work something is, in steps and not in seconds: a busy machine changes nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

Work = Callable[[], object]
TRIES = 6


def steps(work: Work) -> int:
    """Return how many functions a piece of work calls, those written in C too."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_less_than(most: float, small: Work, large: Work) -> bool:
    """Say whether `large` costs less than `most` times what `small` does.

    For work inside one call of C, such as a search for a pattern, which nobody can count from
    here. Both are done in turn, on the clock that stands while others use the processor; whatever
    else disturbs can only add, so one try that holds is enough, and no try holds where the work
    itself grows.
    """
    return any(_cost(large) < most * _cost(small) for _ in range(TRIES))


def _cost(work: Work) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun
