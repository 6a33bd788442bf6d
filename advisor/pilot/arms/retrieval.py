"""The base model with what was looked up for the case: documents, or the nearest examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.cases import Case, Document
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.answering import answering, training_cases
from advisor.pilot.arms.arm import Arm, ArmJob, Progress
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.prompt import few_shot_examples
from advisor.pilot.prompts import Prompt, Shot
from advisor.pilot.retrieving.lookup import (
    SearchWatch,
    hit_rate,
    nearest_documents,
    nearest_examples,
)
from advisor.vocabulary import Remedy

PASSAGES = 3
"""Passages beside a case: a small model reads a few well, and many badly."""
WORKED = 3
"""Examples of an answer read off a passage; they are the same for all cases."""


def retrieved_documents(job: ArmJob, cases: Sequence[Case]) -> list[tuple[Document, ...]]:
    """Return the documents to show for each case."""
    many = min(PASSAGES, job.frozen.spec.examples_shown)
    look = _watch(job, "The documents are read.")
    return nearest_documents(job.frozen.data.documents, cases, many, look)


def _watch(job: ArmJob, say: str) -> SearchWatch:
    """Return how a search tells this job how far it is."""

    def tell(done: int, total: int) -> None:
        job.tell(Progress("preparing", done, total, say=say if done == total else ""))

    return SearchWatch(tell, job.stop)


def note_hits(job: ArmJob, cases: Sequence[Case], found: Sequence[Sequence[Document]]) -> None:
    """Note down how often the search found what holds the answer."""
    details = {"passages": max(map(len, found), default=0), "hit_rate": hit_rate(cases, found)}
    job.notes.details |= details


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer = Writer.at(job)
    prompts = _with_documents if job.frozen.data.documents else _with_examples
    yield from writer.write(list(prompts(writer, cases)))


def _with_documents(writer: Writer, cases: Sequence[Case]) -> Iterator[Prompt]:
    """Yield prompts with the passages found for the case, behind worked examples."""
    job = writer.job
    examples = [shot.case for shot in few_shot_examples(job, WORKED)]
    found = retrieved_documents(job, (*examples, *cases))
    shots = [_worked(case, passages) for case, passages in zip(examples, found, strict=False)]
    beside = found[len(examples) :]
    note_hits(job, cases, beside)
    for case, passages in zip(cases, beside, strict=False):
        yield writer.prompt(case, shots=shots, passages=passages)


def _worked(case: Case, passages: Sequence[Document]) -> Shot:
    """Return an example with the passage that holds its answer, as far as that is known."""
    holding = [
        passage for passage in passages if passage.id in case.gold or case.expected in passage.text
    ]
    return Shot(case, tuple([*holding, *passages][:1]))


def _with_examples(writer: Writer, cases: Sequence[Case]) -> Iterator[Prompt]:
    """Yield prompts with the training examples most like the case, the nearest one last."""
    job = writer.job
    look = _watch(job, "The training examples are read.")
    many = job.frozen.spec.examples_shown
    near = nearest_examples(training_cases(job), cases, many, look)
    for case, examples in zip(cases, near, strict=False):
        yield writer.prompt(case, shots=[Shot(example) for example in reversed(examples)])


RETRIEVAL = Arm(
    ArmName.RETRIEVAL,
    "Retrieval",
    "Your instruction with what a search finds for each case: documents, or the training examples "
    "most like it.",
    remedies=(Remedy.RETRIEVAL,),
    trains=False,
    unfit=lambda frozen: "",
    answer=answering(_answer),
)
