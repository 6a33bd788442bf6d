"""The base model fine-tuned to read passages, and asked with passages.

It is trained with what the search finds, wrong passages included, so that it learns to look for
the answer instead of trusting whatever stands there (RAFT: Zhang et al. 2024, arXiv:2403.10131).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_result import Given
from advisor.domain.pilot_spec import ArmName, Frozen
from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.case_progress import answering, training_side
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.retrieval import found_documents, note_hits
from advisor.pilot.arms.tuning import too_few, tuned
from advisor.pilot.prompts import Prompt
from advisor.vocabulary import Remedy


def _unfit(frozen: Frozen) -> str:
    if not frozen.data.documents:
        return "there are no documents to look things up in"
    return too_few(frozen)


def _answer_reading(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    writer, train = Writer.at(bench), training_side(bench)
    found = found_documents(bench, (*train, *cases))
    if bench.stop():
        return
    note_hits(bench, cases, found[len(train) :])

    def prompts(those: Sequence[Case], start: int) -> list[Prompt]:
        return [
            writer.prompt(case, passages=passages)
            for case, passages in zip(those, found[start:], strict=False)
        ]

    if able := tuned(writer, prompts(train, 0)):
        yield from able.write(prompts(cases, len(train)))


FINE_TUNING_RETRIEVAL = Arm(
    ArmName.FINE_TUNING_RETRIEVAL,
    "Fine-tuning with retrieval",
    "The base model trained to answer from the passages that a search finds, right and wrong ones.",
    remedies=(Remedy.RETRIEVAL, Remedy.FINE_TUNING),
    trains=True,
    unfit=_unfit,
    answer=answering(_answer_reading),
)
