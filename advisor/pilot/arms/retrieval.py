"""The base model with what was looked up for the case: documents, or the nearest examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.pilot.arms.arm import Arm, Bench
from advisor.pilot.arms.bench import answering, look_of, training_side
from advisor.pilot.arms.writing import Writer
from advisor.pilot.cases import Case, Document
from advisor.pilot.prompts import Prompt
from advisor.pilot.result import Given
from advisor.pilot.retrieving.finding import hit_rate, nearest_documents, nearest_examples
from advisor.pilot.spec import ArmName
from advisor.vocabulary import Remedy

PASSAGES = 3
"""A small model reads a few passages well, and many badly."""


def found_documents(bench: Bench, cases: Sequence[Case]) -> list[tuple[Document, ...]]:
    """Return the documents to show for each case; how many were right goes into the diary."""
    many = min(PASSAGES, bench.frozen.spec.examples_shown)
    look = look_of(bench, "The documents are read.")
    found = nearest_documents(bench.frozen.data.documents, cases, many, look)
    bench.diary.details |= {"passages": many, "hit_rate": hit_rate(cases, found)}
    return found


def _answer(bench: Bench, cases: Sequence[Case]) -> Iterator[Given]:
    writer = Writer.at(bench)
    yield from writer.write(list(_prompts(writer, cases)))


def _prompts(writer: Writer, cases: Sequence[Case]) -> Iterator[Prompt]:
    bench = writer.bench
    if bench.frozen.data.documents:
        documents = found_documents(bench, cases)
        for case, passages in zip(cases, documents, strict=False):
            yield writer.prompt(case, passages=passages)
        return
    look = look_of(bench, "The training examples are read.")
    many = bench.frozen.spec.examples_shown
    near = nearest_examples(training_side(bench), cases, many, look)
    for case, examples in zip(cases, near, strict=False):
        yield writer.prompt(case, examples=examples[::-1])


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
