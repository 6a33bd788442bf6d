"""What every exported file is made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from advisor.documents.record import Record
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, PilotResult
from advisor.domain.pilot_spec import ArmName
from advisor.models.endpoint import Message
from advisor.pilot.prompts import prompt_for
from advisor.pilot.reporting.report import ReportSubject, build
from advisor.store import Store

TRAINED = (ArmName.FINE_TUNING, ArmName.FINE_TUNING_RETRIEVAL)


@dataclass(frozen=True)
class ExportMaterial:
    """A finished pilot with its data."""

    frozen: Frozen
    result: PilotResult
    adapter: Mapping[str, bytes] = field(default_factory=dict)
    """Files of the adapter by name; empty where nothing was trained."""

    @property
    def trained(self) -> ArmRun | None:
        """The run of the adapter, if one was trained."""
        return trained_run(self.result)

    @cached_property
    def record(self) -> Record:
        """The report, built once for all its formats."""
        about = ReportSubject.of(self.result, self.frozen.data.test)
        return build(about, self.result.finished)

    @property
    def lora(self) -> Mapping[str, Any]:
        """The settings of the training run, as the adapter's own configuration states them."""
        found: Mapping[str, Any] = json.loads(self.adapter.get("adapter_config.json", b"{}"))
        return found

    def messages(self, place: str) -> list[list[Message]]:
        """Return the prompts of one side, `train` or `test`, without answers."""
        return [list(prompt_for(self.frozen, case)) for case in getattr(self.frozen.data, place)]


def trained_run(result: PilotResult) -> ArmRun | None:
    """Return the run that trained on the whole training side, if there is one."""
    runs = (run for run in result.runs if run.arm in TRAINED and run.share == 1)
    return next(runs, None)


def adapter_of(store: Store, result: PilotResult) -> dict[str, bytes]:
    """Return the files of the adapter that a pilot trained; empty if it trained none."""
    if (run := trained_run(result)) is None:
        return {}
    names = store.pilots.artifacts(result.pilot, run.key)
    return {name: store.pilots.artifact(result.pilot, run.key, name) for name in names}


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as JSON lines."""
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)
