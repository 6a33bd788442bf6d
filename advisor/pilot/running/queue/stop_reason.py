"""Why work ends before it is done, and what that means for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the process that computes has no database
    from advisor.domain.pilot_state import PilotState

Reach = Literal["arm", "pilot", "leave"]
"""This arm stops; every arm that is left stops too; or all is left as it is, to be gone on with."""


@dataclass(frozen=True)
class Halt:
    """A reason to stop."""

    reach: Reach
    why: str = ""
    """In plain words."""
    state: PilotState | None = None
    """Where `reach` is `leave`: what the pilot becomes; None if it is somebody else's by now."""


PAUSED = Halt("leave", "", "paused")
CLOSING = Halt("leave", "", "queued")
LOST = Halt("leave")
CANCELLED = Halt("pilot", "The pilot was cancelled.")


class LeftError(Exception):
    """Work ends here and is gone on with later, perhaps elsewhere."""

    def __init__(self, halt: Halt) -> None:
        """Keep the reason."""
        super().__init__(halt.why)
        self.halt = halt
