"""The base model fine-tuned on the training examples, asked with the instruction alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor.core.process_memory import peak_memory
from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, Loss
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.arms.answering import answering, training_cases
from advisor.pilot.arms.arm import Arm, ArmJob, Progress
from advisor.pilot.arms.generated_answers import Writer
from advisor.pilot.arms.retrieval import note_hits, retrieved_documents
from advisor.pilot.prompts import Prompt
from advisor.pilot.wordings import without_list
from advisor.vocabulary import Remedy

if TYPE_CHECKING:
    from advisor.models.lora import Training
    from advisor.models.lora import TrainingProgress as Trained


STEPS = 100
"""Steps that a run should have: few examples are seen more often …"""
FEWEST_EPOCHS, MOST_EPOCHS = 3, 12
"""… within these."""
FEWEST = 4


def too_few(frozen: Frozen) -> str:
    """Say why there is too little to train on, if so."""
    many = len(frozen.data.train)
    return f"{many} training cases are too few to train on" if many < FEWEST else ""


def fine_tuned(writer: Writer, prompts: Sequence[Prompt]) -> Writer | None:
    """Return a writer whose model has learned to answer the prompts; None if told to stop.

    What an interrupted run left in the folder of the job is gone on with.

    Raises:
        AdvisorError: the examples or the base model cannot be trained on.
    """
    from advisor.models.lora import Halted, TrainingExample, load_adapter, train  # heavy: torch

    job = writer.job
    examples = [TrainingExample(prompt.messages, prompt.case.expected) for prompt in prompts]
    settings = _settings(job, len(examples))
    ledger = _Ledger(job, writer.base.model.num_parameters())
    try:
        trained = train(writer.base, examples, settings, job.folder, ledger.note, job.stop)
    except Halted:
        return None
    ledger.close(trained.losses, trained.tokens, trained.seconds)
    job.notes.details |= {
        "training": settings.model_dump(mode="json"),
        "parameters": writer.base.model.num_parameters(),
        "examples": len(examples),
        "steps": trained.steps,
        "stopped_early": trained.stopped_early,
        "cut_examples": trained.cut,
    }
    return replace(writer, base=load_adapter(writer.base, job.folder))


def _settings(job: ArmJob, examples: int) -> Training:
    from advisor.models.lora import Training  # heavy: torch

    usual = Training(seed=job.seed)
    epochs = math.ceil(STEPS * usual.batch / examples)
    return usual.model_copy(update={"epochs": min(MOST_EPOCHS, max(FEWEST_EPOCHS, epochs))})


@dataclass(frozen=True)
class _Ledger:
    """Notes down for a job what training takes, and tells how far it is."""

    job: ArmJob
    parameters: int

    def note(self, now: Trained) -> None:
        """Note how far training is."""
        loss = Loss(step=now.step, loss=now.loss, held_out=None)
        self.job.notes.losses.append(loss)
        self._use(now.tokens, now.seconds)
        self.job.tell(Progress("training", now.step, now.steps, now.seconds_left, loss=now.loss))

    def close(self, losses: Sequence[Loss], tokens: int, seconds: float) -> None:
        """Note what the whole run took, parts before an interruption included."""
        self.job.notes.losses[:] = losses
        self._use(tokens, seconds)

    def _use(self, tokens: int, seconds: float) -> None:
        notes = self.job.notes
        notes.usage = notes.usage.model_copy(
            update={
                "training_tokens": tokens,
                "training_seconds": seconds,
                "training_flops": 6.0 * self.parameters * tokens,
                "memory_mb": peak_memory(),
            }
        )


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer = Writer.at(job)
    shared = without_list(writer.frame)
    job.notes.details["list_left_out"] = shared is not writer.frame

    def prompts(those: Sequence[Case]) -> list[Prompt]:
        return [writer.prompt(case, shared=shared) for case in those]

    if able := fine_tuned(writer, prompts(training_cases(job))):
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


def _unfit(frozen: Frozen) -> str:
    if not frozen.data.documents:
        return "there are no documents to look things up in"
    return too_few(frozen)


def _answer_reading(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    writer, train = Writer.at(job), training_cases(job)
    found = retrieved_documents(job, (*train, *cases))
    if job.stop():
        return
    note_hits(job, cases, found[len(train) :])

    def prompts(those: Sequence[Case], start: int) -> list[Prompt]:
        return [
            writer.prompt(case, passages=passages)
            for case, passages in zip(those, found[start:], strict=False)
        ]

    if able := fine_tuned(writer, prompts(train, 0)):
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
