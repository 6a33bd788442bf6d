"""What a worker and the process that computes for it tell each other.

The frozen pilot goes over in a file; orders and messages are one JSON record a line.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from advisor.core.strict import Strict
from advisor.domain.frozen_pilot import Frozen, case_data, frozen_of, spec_data
from advisor.domain.pilot_result import ArmAnswer, Finding, Loss, Usage
from advisor.pilot.arms.arm import Stage
from advisor.pilot.running.compute.steps import PilotStep


class WorkOrder(Strict):
    """What the worker wants done."""

    do: Literal["run", "stop", "measure", "check"]
    step: PilotStep | None = None
    done: tuple[str, ...] = ()
    """Ids of test cases that are answered already."""


class ProgressMessage(Strict):
    """How far it is."""

    kind: Literal["told"] = "told"
    stage: Stage
    done: int
    total: int
    seconds_left: float | None = None
    loss: float | None = None
    say: str = ""


class AnswersMessage(Strict):
    """Answers with their scores, as they come."""

    kind: Literal["gave"] = "gave"
    given: tuple[ArmAnswer, ...]


class NotesMessage(Strict):
    """What an arm noted down so far."""

    kind: Literal["noted"] = "noted"
    usage: Usage = Usage()
    losses: tuple[Loss, ...] = ()
    details: dict[str, Any] = {}


class MeasuredMessage(Strict):
    """What an arm takes."""

    kind: Literal["measured"] = "measured"
    once: float
    """Seconds before its first answer: loading, training, searching."""
    each: float | None
    """Seconds an answer; None where none was seen."""


class CheckedMessage(Strict):
    """What checks of honesty found."""

    kind: Literal["checked"] = "checked"
    findings: tuple[Finding, ...]


class EndedMessage(Strict):
    """What was ordered is over."""

    kind: Literal["ended"] = "ended"
    state: Literal["done", "stopped", "failed"] = "done"
    why: str = ""


ComputeMessage = (
    ProgressMessage
    | AnswersMessage
    | NotesMessage
    | MeasuredMessage
    | CheckedMessage
    | EndedMessage
)
_MESSAGE: TypeAdapter[ComputeMessage] = TypeAdapter(
    Annotated[ComputeMessage, Field(discriminator="kind")]
)


def line_of(record: Strict) -> bytes:
    """Return a record as one line."""
    return json.dumps(record.model_dump(mode="json"), separators=(",", ":")).encode() + b"\n"


def message_of(line: bytes) -> ComputeMessage:
    """Return what the computing process said.

    Raises:
        ValueError: the line is no message.
    """
    return _MESSAGE.validate_python(json.loads(line))


def write_frozen(frozen: Frozen, file: Path) -> None:
    """Write a pilot for another process to read."""
    file.write_text(json.dumps([spec_data(frozen), case_data(frozen)]), "utf-8")


def read_frozen(file: Path) -> Frozen:
    """Return the pilot that was written.

    Raises:
        ValueError: another version of the advisor wrote it.
    """
    spec, data = json.loads(file.read_text("utf-8"))
    return frozen_of(spec, data)
