"""The base model fine-tuned on the training examples, asked with the instruction alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Given
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.case_progress import answering, training_side
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.tuning import too_few, tuned
from advisor.pilot.prompts import Prompt, without_list
from advisor.vocabulary import Remedy


def _answer(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    writer = Writer.at(bench)
    shared = without_list(writer.frame)
    bench.diary.details["list_left_out"] = shared is not writer.frame

    def prompts(those: Sequence[Case]) -> list[Prompt]:
        return [writer.prompt(case, shared=shared) for case in those]

    if able := tuned(writer, prompts(training_side(bench))):
        yield from able.write(prompts(cases))


FINE_TUNING = Arm(
    ArmName.FINE_TUNING,
    "Fine-tuning",
    "The base model with a LoRA adapter trained on your examples; the instruction stays, a long "
    "list of labels does not.",
    remedies=(Remedy.FINE_TUNING,),
    trains=True,
    unfit=too_few,
    answer=answering(_answer),
)
