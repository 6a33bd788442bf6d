"""The base model with the instruction and examples, the same ones for every case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.bench import answering
from advisor.pilot.arms.examples import chosen
from advisor.pilot.arms.writing import Writer
from advisor.pilot.cases import Case
from advisor.pilot.result import Given
from advisor.pilot.spec import ArmName
from advisor.vocabulary import Remedy


def _answer(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
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
    answer=answering(_answer),
)
