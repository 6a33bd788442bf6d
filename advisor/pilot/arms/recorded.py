"""The outputs of the system that runs today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.answering import answering
from advisor.pilot.arms.arm import Arm, ArmJob


def _unfit(frozen: Frozen) -> str:
    return "" if frozen.recorded else "no outputs of the system that runs today were given"


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    said = dict(job.frozen.recorded)
    job.notes.details["missing"] = [case.id for case in cases if case.id not in said]
    for case in cases:
        yield ArmAnswer(case=case.id, text=said.get(case.id, ""))


RECORDED = Arm(
    ArmName.RECORDED,
    "What runs today",
    "The recorded outputs of your present system.",
    remedies=(),
    trains=False,
    unfit=_unfit,
    answer=answering(_answer),
)
