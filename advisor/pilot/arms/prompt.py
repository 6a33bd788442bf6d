"""The base model with the instruction alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Given
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.case_progress import answering
from advisor.pilot.arms.generated_answers import Writer
from advisor.vocabulary import Remedy


def _answer_plain(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    writer = Writer.at(bench)
    yield from writer.write([writer.prompt(case) for case in cases])


PROMPT = Arm(
    ArmName.PROMPT,
    "Prompt",
    "Your instruction as it stands, without examples.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer_plain),
)
