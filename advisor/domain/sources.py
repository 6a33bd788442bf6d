"""What figures and reasons rest on: where they come from, and how wide they may be."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.core.strict import Strict


class Spread(Strict):
    """Low, middle and high figure of something uncertain."""

    low: float
    mid: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mid <= self.high:
            raise ValueError("low, mid and high must be in this order")
        return self


class Source(Strict):
    """Where a figure or a claim comes from."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    finding: str
    link: str = ""
    basis: Literal["read", "secondary", "computed", "judgement"]
    """`read` there, `secondary` through a note quoting it, `computed`, or our own `judgement`."""
