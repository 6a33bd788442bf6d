"""What one feature is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from advisor.failures.features.case import FailureCase
from advisor.vocabulary import Mode


@dataclass(frozen=True)
class Feature:
    """One relation between the parts of a failure."""

    name: str
    value: Callable[[FailureCase], float]
    """How much it holds, 0 to 1."""
    because: str
    """What to tell a user when it decided; `{}` is filled with `detail`."""
    speaks: Mapping[Mode, float]
    """What it says before training, as natural logs of likelihood ratios."""
    detail: Callable[[FailureCase], str] = lambda _: ""

    def reason(self, case: FailureCase) -> str:
        """Return the reason with its detail filled in."""
        return self.because.replace("{}", self.detail(case))
