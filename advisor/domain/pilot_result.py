"""What a pilot found: one typed record that every screen, report and command shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from advisor.core.strict import Strict
from advisor.domain.comparison import Comparison
from advisor.domain.pilot_spec import ArmName, Spec

Severity = Literal["note", "warning", "blocks"]
"""`note`: good to know; `warning`: puts the verdict in doubt; `blocks`: allows no verdict."""


class Finding(Strict):
    """One thing that a check of honesty found."""

    check: str
    severity: Severity
    what: str
    """A sentence for people: what it is, and what it means for the verdict."""
    cases: tuple[str, ...] = ()


ArmState = Literal["waiting", "running", "done", "stopped", "failed"]
"""`stopped`: ended early on purpose, by a valid stopping rule, the budget or a person."""


class ArmAnswer(Strict):
    """What one arm answered to one test case."""

    case: str
    text: str
    score: float | None = None
    """0 to 1; None where it could not be judged."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cut: bool = False
    """Whether it ends because the limit of tokens was reached."""
    shown: tuple[str, ...] = ()
    """Ids of the examples or documents that stood in the prompt."""


class Usage(Strict):
    """What one arm took."""

    tokens_in: int = 0
    tokens_out: int = 0
    training_tokens: int = 0
    training_seconds: float = 0.0
    answering_seconds: float = 0.0
    memory_mb: float = 0.0
    """Peak of the process."""
    training_flops: float = 0.0
    """Floating-point operations of training: six times parameters times tokens (Kaplan 2020)."""


class Loss(Strict):
    """One point of a training run."""

    step: int
    loss: float
    held_out: float | None = None


class ArmRun(Strict):
    """One arm with one seed and one share of the training side."""

    arm: ArmName
    seed: int = 0
    share: float = 1.0
    state: ArmState = "done"
    why: str = ""
    """Why it failed or stopped, in plain words with the mend."""
    answers: tuple[ArmAnswer, ...] = ()
    usage: Usage = Usage()
    losses: tuple[Loss, ...] = ()
    details: dict[str, Any] = {}
    """What was chosen inside: the wording found, the rank, the passages a case."""

    @property
    def key(self) -> str:
        """Name of this run inside the pilot: `fine_tuning~0~1.0`."""
        return f"{self.arm}~{self.seed}~{self.share}"


class CurvePoint(Strict):
    """Score of fine-tuning with so many training examples."""

    examples: int
    score: float
    low: float
    high: float
    projected: bool = False


class ArmCost(Strict):
    """What an arm costs to run, by the table of prices."""

    arm: ArmName
    per_thousand: float | None
    """Price of 1,000 requests."""
    once: float | None
    """Price of the training run."""
    pays_back_at: int | None = None
    """Requests after which a fine-tune has paid back against the cheapest arm as good."""


class PilotResult(Strict):
    """The outcome of one pilot."""

    pilot: str
    """Id of the pilot."""
    hash: str
    """Hash of the frozen specification."""
    spec: Spec
    margin: float
    started: datetime
    finished: datetime
    runs: tuple[ArmRun, ...]
    comparison: Comparison
    """Scores with intervals, paired comparisons, and the verdict."""
    aggregates: dict[str, dict[str, float]] = {}
    """Per arm, what is no mean over cases: macro-F1, share of valid JSON."""
    slices: dict[str, dict[str, float]] = {}
    """Per slice, the score of each arm."""
    curve: tuple[CurvePoint, ...] = ()
    findings: tuple[Finding, ...] = ()
    costs: tuple[ArmCost, ...] = ()
    environment: dict[str, str] = {}
    """Versions, hashes, hardware: what a repetition needs."""


_SUMMED = ("tokens_in", "tokens_out", "answering_seconds")
"""What each part adds to; of the rest the most counts, as training goes on from its checkpoint and
counts what it did before."""


def joined(usages: Iterable[Usage]) -> Usage:
    """Return what several parts of one run took together."""
    parts = tuple(usages)
    if not parts:
        return Usage()
    return Usage(**{
        name: (sum if name in _SUMMED else max)(getattr(part, name) for part in parts)
        for name in Usage.model_fields
    })


def joined_losses(earlier: Sequence[Loss], later: Sequence[Loss]) -> tuple[Loss, ...]:
    """Return the losses of a run that went on; steps that were done again count once."""
    first = later[0].step if later else None
    return (*(loss for loss in earlier if first is None or loss.step < first), *later)
