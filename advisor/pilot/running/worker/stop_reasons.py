"""Why work ends before it is done: somebody's wish, or a limit on time, memory and disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from advisor.domain.pilot_spec import Budget
from advisor.domain.pilot_state import PilotState
from advisor.presentation.wording import number

GB = 1e9
LEAST_FREE = 0.1
"""GB that stay free on a disk, so that what is finished can be kept."""
Reach = Literal["arm", "pilot", "leave"]
"""This arm stops; every arm that is left stops too; or all is left as it is, to be gone on with."""


@dataclass(frozen=True)
class StopReason:
    """A reason to stop."""

    reach: Reach
    why: str = ""
    """In plain words."""
    state: PilotState | None = None
    """Where `reach` is `leave`: what the pilot becomes; None if it is somebody else's by now."""


PAUSED = StopReason("leave", "", "paused")
CLOSING = StopReason("leave", "", "queued")
LOST = StopReason("leave")
CANCELLED = StopReason("pilot", "The pilot was cancelled.")


class LeftError(Exception):
    """Work ends here and is gone on with later, perhaps elsewhere."""

    def __init__(self, stop_reason: StopReason) -> None:
        """Keep the reason."""
        super().__init__(stop_reason.why)
        self.stop_reason = stop_reason


@dataclass(frozen=True)
class UsageReading:
    """What a pilot takes at this moment."""

    minutes: float = 0.0
    memory_gb: float = 0.0
    disk_gb: float = 0.0
    free_gb: float = float("inf")


@dataclass(frozen=True)
class Limit:
    """One limit: whether it is reached, who stops then, and why in plain words."""

    reached: Callable[[UsageReading, Budget], bool]
    reach: Reach
    words: Callable[[Budget], str]
    state: PilotState | None = None
    """As in `StopReason`."""


LIMITS = (
    Limit(
        lambda now, budget: now.free_gb < LEAST_FREE,
        "leave",
        lambda budget: "The disk is full. Free some space, then resume",
        "paused",
    ),
    Limit(
        lambda now, budget: now.minutes >= budget.minutes,
        "pilot",
        lambda budget: (
            f"The time of {number(budget.minutes)} minutes was used up. "
            "Allow more in budget.minutes"
        ),
    ),
    Limit(
        lambda now, budget: now.memory_gb > budget.memory_gb,
        "arm",
        lambda budget: (
            f"It took more than {number(budget.memory_gb)} GB of memory. "
            "Allow more in budget.memory_gb, or use a smaller base model"
        ),
    ),
    Limit(
        lambda now, budget: now.disk_gb > budget.disk_gb,
        "arm",
        lambda budget: (
            f"It took more than {number(budget.disk_gb)} GB on disk. Allow more in budget.disk_gb"
        ),
    ),
)


def reached(now: UsageReading, budget: Budget) -> StopReason | None:
    """Return why work must stop at the first limit that is reached; none if all hold."""
    limit = next((limit for limit in LIMITS if limit.reached(now, budget)), None)
    return StopReason(limit.reach, limit.words(budget), limit.state) if limit else None


def disk_of(folder: Path) -> tuple[float, float]:
    """Return the GB that a folder takes, and those that are free beside it."""
    places = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return sum(map(_size, places)) / GB, shutil.disk_usage(folder).free / GB


def _size(path: str) -> int:
    try:
        return os.stat(path, follow_symlinks=False).st_size
    except OSError:  # it was there a moment ago
        return 0
