"""Answers that a base model writes, to prompts that fit what it can read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from advisor.core.settings import settings
from advisor.domain.cases import Case, Document
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import Task
from advisor.errors import InputError
from advisor.models.base import load_base
from advisor.pilot.arms.arm import ArmJob, Progress
from advisor.pilot.prompts import Prompt, Shot, fitting
from advisor.pilot.wordings import PLAIN, Frame, Wording, frame

if TYPE_CHECKING:
    from advisor.models.base import LoadedModel
    from advisor.models.generation import AnswerForm

SPARE = {Task.QUESTION_ANSWERING: 40}
"""Tokens an answer may have beyond nearly all wanted ones: models restate a question first."""
LEAST_SPARE = 8
"""The same for tasks whose answers have a form."""
NEARLY_ALL = 0.99
TURN = 64
"""Tokens that a chat template puts around one message at most."""


@dataclass(frozen=True)
class Writer:
    """A base model at one job."""

    job: ArmJob
    base: LoadedModel

    @classmethod
    def at(cls, job: ArmJob) -> Writer:
        """Return a writer with the base model of the pilot, loaded once a process.

        Raises:
            ModelError: it is missing, altered or unusable.
        """
        name = job.frozen.spec.base_model or settings().base_model
        job.tell(Progress("preparing", 0, 1))
        base = _loaded(name)
        job.notes.details |= {"base": base.name, "base_identity": base.identity}
        return cls(job, base)

    @cached_property
    def frame(self) -> Frame:
        """What all prompts share."""
        return frame(self.job.frozen)

    @cached_property
    def limit(self) -> int:
        """Tokens that an answer may have: by the wanted answers of the training side."""
        train = self.job.frozen.data.train
        texts = list(self.frame.labels) or [case.expected for case in train]
        counts = sorted(
            len(ids) for ids in self.base.tokenizer(texts, add_special_tokens=False)["input_ids"]
        )
        spare = SPARE.get(self.job.frozen.spec.task, LEAST_SPARE)
        return counts[math.ceil(NEARLY_ALL * len(counts)) - 1] + spare

    def prompt(
        self,
        case: Case,
        wording: Wording = PLAIN,
        shots: Sequence[Shot] = (),
        passages: Sequence[Document] = (),
        shared: Frame | None = None,
    ) -> Prompt:
        """Return a prompt with as many examples and passages as leave room for an answer."""
        return fitting(shared or self.frame, case, self._fits, wording, shots, passages)

    def write(
        self, prompts: Sequence[Prompt], form: AnswerForm | None = None
    ) -> Iterator[ArmAnswer]:
        """Yield answers as they come, in any order.

        Raises:
            InputError: the instruction alone is longer than the model can read.
        """
        from advisor.models.generation import write  # heavy: torch

        asked = [prompt.messages for prompt in prompts]
        answers = write(self.base, asked, max_new_tokens=self.limit, form=form, stop=self.job.stop)
        for place, answer in answers:
            yield ArmAnswer(
                case=prompts[place].case.id,
                text=answer.text.strip(),
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
                seconds=answer.seconds,
                cut=answer.cut,
                shown=prompts[place].shown,
            )

    def choose(self, prompts: Sequence[Prompt], labels: Sequence[str]) -> Iterator[ArmAnswer]:
        """Yield the likeliest of the labels for each prompt, in any order.

        Raises:
            InputError: labels cannot be told apart, or the instruction alone is too long.
        """
        from advisor.models.generation import choose  # heavy: torch

        asked = [prompt.messages for prompt in prompts]
        for place, answer in choose(self.base, asked, labels, stop=self.job.stop):
            yield ArmAnswer(
                case=prompts[place].case.id,
                text=answer.label,
                tokens_in=answer.tokens_in,
                seconds=answer.seconds,
                shown=prompts[place].shown,
            )

    def _fits(self, prompt: Prompt) -> bool:
        from advisor.models.generation.tokenizing import tokenized  # heavy: torch

        letters = sum(len(message.content.encode()) + TURN for message in prompt.messages)
        if letters <= self.base.context - self.limit:  # no token is less than a byte
            return True
        try:
            return not tokenized(self.base, prompt.messages, self.limit).shortened
        except InputError:
            return False


@lru_cache(maxsize=1)
def _loaded(name: str | None) -> LoadedModel:
    return load_base(name)
