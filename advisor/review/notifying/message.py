"""One message, and how sending it may fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutgoingMessage:
    """What is told, in plain text of which nothing is markup."""

    id: str
    """The same for every copy of it."""
    subject: str
    """One line."""
    lines: tuple[str, ...]
    link: str | None
    """The screen it is about, if the advisor knows under which address people reach it."""


class UndeliveredError(Exception):
    """It did not arrive; the text may be shown to administrators and holds no secret."""

    def __init__(self, why: str, final: bool = False, alone: bool = False) -> None:
        """Say why.

        Args:
            why: In a few words.
            final: Another try would fail the same way.
            alone: It is about this message only, so that others may be sent meanwhile.
        """
        super().__init__(why)
        self.final, self.alone = final, alone or final
