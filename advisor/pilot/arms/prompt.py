"""The base model with the instruction alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.case_progress import answering
from advisor.pilot.arms.few_shot_examples import chosen
from advisor.pilot.arms.generated_answers import Writer
from advisor.vocabulary import Remedy


def _answer_plain(bench: Bench, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
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


def _answer_with_examples(bench: Bench, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer, shots = Writer.at(bench), chosen(bench)
    bench.diary.details["examples"] = [one.case.id for one in shots]
    yield from writer.write([writer.prompt(case, shots=shots) for case in cases])


FEW_SHOT = Arm(
    ArmName.FEW_SHOT,
    "Prompt with examples",
    "Your instruction and the same few training examples before every case.",
    remedies=(Remedy.PROMPTING,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer_with_examples),
)
