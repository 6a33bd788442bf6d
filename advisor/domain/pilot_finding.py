"""What a check of honesty found, in words for people."""

from __future__ import annotations

from typing import Literal

from advisor.core.strict import Strict

Severity = Literal["note", "warning", "blocks"]
"""`note`: good to know; `warning`: puts the verdict in doubt; `blocks`: allows no verdict."""


class Finding(Strict):
    """One thing that a check of honesty found."""

    check: str
    severity: Severity
    what: str
    """A sentence for people: what it is, and what it means for the verdict."""
    cases: tuple[str, ...] = ()
