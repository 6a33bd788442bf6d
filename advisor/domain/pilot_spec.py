"""What a pilot will do, written down before it runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from advisor.core.strict import Strict
from advisor.proposal import OptionalText, Text

FEW, MANY = 0.10, 0.05
"""The margin that matters where none is given: ten points, or five from `ENOUGH` test cases on."""
ENOUGH = 200


class Task(StrEnum):
    """The kind of task."""

    CLASSIFICATION = "classification"
    EXTRACTION = "extraction"
    GENERATION = "generation"
    QUESTION_ANSWERING = "question_answering"


class ArmName(StrEnum):
    """One way of solving the task; simplest first, which is the order in which ties are broken."""

    RECORDED = "recorded"
    PROMPT = "prompt"
    PROMPT_BEST = "prompt_best"
    FEW_SHOT = "few_shot"
    CONSTRAINED = "constrained"
    ENDPOINT = "endpoint"
    RETRIEVAL = "retrieval"
    CLASSIFIER = "classifier"
    FINE_TUNING = "fine_tuning"
    FINE_TUNING_RETRIEVAL = "fine_tuning+retrieval"


class Metric(StrEnum):
    """How an answer is judged, case by case; each gives a number from 0 to 1."""

    EXACT = "exact"
    MACRO_F1 = "macro_f1"
    JSON_VALID = "json_valid"
    JSON_F1 = "json_f1"
    SCHEMA = "schema"
    TOKEN_F1 = "token_f1"
    ROUGE_L = "rouge_l"
    ROUGE_L_RECALL = "rouge_l_recall"
    CHRF = "chrf"
    REGEX = "regex"
    NUMBER = "number"
    STYLE = "style"
    JUDGE = "judge"


DEFAULT_METRIC: dict[Task, Metric] = {
    Task.CLASSIFICATION: Metric.EXACT,
    Task.EXTRACTION: Metric.JSON_F1,
    Task.GENERATION: Metric.ROUGE_L,
    Task.QUESTION_ANSWERING: Metric.TOKEN_F1,
}


class Style(Strict):
    """Checks of form that need no wanted answer; each that is given must hold."""

    max_words: Annotated[int, Field(ge=1)] | None = None
    min_words: Annotated[int, Field(ge=1)] | None = None
    must_contain: tuple[Text, ...] = ()
    must_not_contain: tuple[Text, ...] = ()


class Scoring(Strict):
    """The metric with what it needs."""

    metric: Metric
    pattern: OptionalText = None
    """For `regex`: the answer must match it from end to end."""
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """For `number`: how far off is still right, relative to the wanted number."""
    style: Style = Style()


class Files(Strict):
    """Where the data lies, beside the specification; one file, or training and test apart."""

    cases: OptionalText = None
    train: OptionalText = None
    test: OptionalText = None
    documents: OptionalText = None
    recorded: OptionalText = None
    """Outputs of the system that runs today: a column `id` or the order of the cases."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.cases is None) == (self.train is None):
            raise ValueError("give either cases, or train and test")
        if (self.train is None) != (self.test is None):
            raise ValueError("train and test belong together")
        return self


class Budget(Strict):
    """What the pilot may take; it stops in order when it reaches one of these."""

    minutes: Annotated[float, Field(gt=0, le=10_080, allow_inf_nan=False)] = 30
    memory_gb: Annotated[float, Field(gt=0, le=4_096, allow_inf_nan=False)] = 4
    disk_gb: Annotated[float, Field(gt=0, le=4_096, allow_inf_nan=False)] = 2


class Spec(Strict):
    """One pilot: the task, the arms, what counts as better, and the limits."""

    title: Text = Field(min_length=1, pattern=r"\S")
    proposal: OptionalText = None
    """Id of the proposal that the verdict is written into."""
    task: Task
    instruction: Text = Field(min_length=1, pattern=r"\S")
    data: Files | None = None
    """None where the data came with an upload."""
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.34
    """Share of the cases that is kept for the test, where training and test are not given apart."""
    labels: tuple[Text, ...] = ()
    """The choices of a labelling task; those of the training side if left out."""
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    """JSON schema of a right answer."""
    base_model: OptionalText = None
    arms: tuple[ArmName, ...] = Field(default=(), max_length=len(ArmName))
    """Empty: every arm that fits the task and the data."""
    recommended: ArmName | None = None
    """The arm that the verdict is about; by the proposal's recommendation if left out."""
    scoring: Scoring | None = None
    margin: Annotated[float, Field(gt=0, le=0.5)] | None = None
    """The smallest difference that matters, from 0 to 1."""
    examples_shown: Annotated[int, Field(ge=1, le=64)] = 8
    """Examples or passages in a prompt."""
    seeds: tuple[Annotated[int, Field(ge=0, le=2**31 - 1)], ...] = Field(
        default=(0,), min_length=1, max_length=10
    )
    """One training run each."""
    curve: tuple[Annotated[float, Field(gt=0, le=1)], ...] = (0.25, 0.5, 1.0)
    """Shares of the training side that fine-tuning is tried with; 1 is always there."""
    budget: Budget = Budget()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.curve and max(self.curve) < 1:
            raise ValueError("the curve must end at 1, the whole training side")
        for name in ("arms", "seeds", "curve", "labels"):
            if len(set(getattr(self, name))) != len(getattr(self, name)):
                raise ValueError(f"{name} holds something twice")
        return self

    @property
    def judged_by(self) -> Scoring:
        """How answers are judged: as given, or as fits the task."""
        return self.scoring or Scoring(metric=DEFAULT_METRIC[self.task])
