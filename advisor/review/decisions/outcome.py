"""What an action leads to, before it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from advisor.review.decisions.decision_requests import Term


@dataclass(frozen=True)
class Caps:
    """What an approval allows, once enough people agreed."""

    kind: str
    """`pilot` or `adoption`."""
    last_day: date
    override: bool
    minutes: float | None = None
    compute: float | None = None


@dataclass(frozen=True)
class Outcome:
    """Whether the move is made, or was only voted for, and what is to be kept with it."""

    made: bool = True
    detail: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[Term, ...] = ()
    caps: Caps | None = None
    pilot: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
