"""What a pilot will take, as it is shown before it starts."""

from __future__ import annotations

from advisor.core.strict import Strict
from advisor.domain.pilot_spec import Frozen
from advisor.pilot.running.compute.steps import PilotStep
from advisor.pilot.running.queue.snapshot import ArmProgress, Snapshot


class StepEstimate(Strict):
    """What one step will take."""

    step: PilotStep
    seconds: float
    why: str = ""
    """Why it cannot run, in plain words with the mend; empty where it can."""


class Estimate(Strict):
    """What a pilot will take on this machine."""

    steps: tuple[StepEstimate, ...]
    starting: float = 0.0
    """Seconds until the first arm begins."""

    @property
    def seconds(self) -> float:
        """Seconds for everything that is not optional."""
        return self.starting + sum(one.seconds for one in self.steps if not one.step.optional)

    @property
    def hopeless(self) -> str:
        """Why nothing can run here; empty where something can."""
        reasons = list(dict.fromkeys(one.why for one in self.steps))
        return " ".join(reasons) if reasons and all(reasons) else ""

    def fits(self, frozen: Frozen) -> bool:
        """Tell whether the time allowed will do."""
        return self.seconds <= 60 * frozen.spec.budget.minutes

    def snapshot(self, frozen: Frozen) -> Snapshot:
        """Return the first snapshot: nothing done, every time known."""
        arms = tuple(
            ArmProgress(
                key=one.step.key,
                arm=one.step.arm,
                seed=one.step.seed,
                share=one.step.share,
                estimated=one.seconds,
            )
            for one in self.steps
        )
        return Snapshot(
            pilot="", title=frozen.spec.title, state="queued", seconds_left=self.seconds, arms=arms
        )
