"""The few-shot prompt with answers that can only be a label, or JSON of the wanted form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Given
from advisor.domain.pilot_spec import ArmName, Frozen
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.case_progress import answering
from advisor.pilot.arms.few_shot_examples import chosen
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.schemas import schema_for
from advisor.pilot.prompts import choices
from advisor.vocabulary import Remedy

if TYPE_CHECKING:
    from advisor.models.generation import Form


def _unfit(frozen: Frozen) -> str:
    if choices(frozen) or schema_for(frozen):
        return ""
    return "there is neither a list of labels nor a JSON schema that answers could be held to"


def _answer(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    writer, shots = Writer.at(bench), chosen(bench)
    bench.diary.details["examples"] = [one.case.id for one in shots]
    prompts = [writer.prompt(case, shots=shots) for case in cases]
    if labels := choices(bench.frozen):
        bench.diary.details["held_to"] = "the likeliest label of the list"
        yield from writer.choose(prompts, labels)
    else:
        yield from writer.write(prompts, _form(bench))


def _form(bench: Bench) -> Form:
    """Return the form of an answer, and note in the diary where it is from."""
    from advisor.models.generation import Form

    schema = schema_for(bench.frozen)
    assert schema is not None, "the arm was asked for though it does not fit"
    given = bench.frozen.spec.schema_ is not None
    source = "the schema of the specification" if given else "a schema read off training answers"
    bench.diary.details |= {"held_to": source, "schema": schema}
    return Form.schema(schema)


CONSTRAINED = Arm(
    ArmName.CONSTRAINED,
    "Held to the form",
    "The prompt with examples, and answers that can only be a label of the list, or JSON of the "
    "schema.",
    remedies=(Remedy.OTHER,),
    trains=False,
    unfit=_unfit,
    answer=answering(_answer),
)
