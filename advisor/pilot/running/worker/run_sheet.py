"""One run as it fills: what is kept already, and what is not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.domain.pilot_result import ArmAnswer, ArmRun, Loss, Usage, joined, joined_losses

OVER = frozenset({"done", "stopped", "failed"})
"""States in which a run stays."""


@dataclass
class RunSheet:
    """One run; its answers stand apart, as they come one by one."""

    run: ArmRun
    answers: list[ArmAnswer]
    fresh: list[ArmAnswer] = field(default_factory=list)
    """Answers that are not kept yet."""
    kept: ArmRun | None = None
    """The run as it was last kept."""

    @classmethod
    def of(cls, run: ArmRun) -> RunSheet:
        """Take up a run as it was kept."""
        return cls(run.model_copy(update={"answers": ()}), list(run.answers))

    @property
    def over(self) -> bool:
        """Whether nothing more will be added."""
        return self.run.state in OVER

    @property
    def whole(self) -> ArmRun:
        """The run with its answers."""
        return self.run.model_copy(update={"answers": tuple(self.answers)})

    @property
    def score(self) -> float | None:
        """Mean score of the answers so far; None where none was judged."""
        scores = [answer.score for answer in self.answers if answer.score is not None]
        return sum(scores) / len(scores) if scores else None

    def add(self, given: Sequence[ArmAnswer]) -> None:
        """Take answers, each case once."""
        known = {answer.case for answer in self.answers}
        new = [one for one in given if one.case not in known]
        self.answers += new
        self.fresh += new

    def note(
        self, usage: Usage, losses: Sequence[Loss], details: dict[str, Any], old: ArmRun
    ) -> None:
        """Take what an arm noted down since it was begun or gone on with.

        Args:
            usage: what it took since then.
            losses: points of its training since then.
            details: what it chose.
            old: the run as it was then.
        """
        self.change(
            usage=joined((old.usage, usage)),
            losses=joined_losses(old.losses, losses),
            details=old.details | details,
        )

    def change(self, **changes: Any) -> None:
        """Change what the run says of itself."""
        self.run = self.run.model_copy(update=changes)
