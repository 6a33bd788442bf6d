"""What a probe does and finds, as typed records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from advisor.core.strict import Strict
from advisor.vocabulary import Cause, Remedy


class Intervention(StrEnum):
    """The one thing that is different when a failure is asked again."""

    AS_IT_WAS = "as_it_was"
    STATED = "stated"
    EXAMPLES = "examples"
    FACT = "fact"
    CONSTRAINED = "constrained"
    LARGER = "larger"


class JudgedBy(StrEnum):
    """What decided whether an answer is right."""

    LABEL = "label"
    FIELDS = "fields"
    NUMBER = "number"
    CLOSENESS = "closeness"
    JUDGE = "judge"
    PERSON = "person"


class NoJudgeReason(StrEnum):
    """Why closeness decided although there is a judge model."""

    DOWN = "down"
    OPEN = "open"
    FOOLED = "fooled"


class ChangeWords(NamedTuple):
    """A change in plain words, and the remedy that it stands for."""

    title: str
    what: str
    remedy: Remedy | None


CHANGE_WORDS: Mapping[Intervention, ChangeWords] = {
    Intervention.AS_IT_WAS: ChangeWords(
        "As it was", "The same question again, several times, to see whether chance decides.", None
    ),
    Intervention.STATED: ChangeWords(
        "Said plainly", "What is wanted is said in the prompt.", Remedy.PROMPTING
    ),
    Intervention.EXAMPLES: ChangeWords(
        "Examples shown",
        "Other cases with their wanted answers stand in the prompt.",
        Remedy.PROMPTING,
    ),
    Intervention.FACT: ChangeWords(
        "Fact supplied", "The missing fact or passage is pasted in.", Remedy.RETRIEVAL
    ),
    Intervention.CONSTRAINED: ChangeWords(
        "Form enforced", "Only an answer of the right form can be written.", Remedy.OTHER
    ),
    Intervention.LARGER: ChangeWords(
        "Larger model", "The same question to the larger model.", Remedy.OTHER
    ),
}


class JudgeWords(NamedTuple):
    """What decides whether an answer is right, in plain words."""

    title: str
    what: str


JUDGE_WORDS: Mapping[JudgedBy, JudgeWords] = {
    JudgedBy.LABEL: JudgeWords("same label", "the label is the wanted one"),
    JudgedBy.FIELDS: JudgeWords("same fields", "every field is as wanted"),
    JudgedBy.NUMBER: JudgeWords("same number", "the number is the wanted one"),
    JudgedBy.CLOSENESS: JudgeWords(
        "closeness",
        "the answer is close to the wanted one in words and meaning, closer than to the bad one, "
        "and holds its facts",
    ),
    JudgedBy.JUDGE: JudgeWords(
        "judge model", "a model finds it as right and complete as the wanted answer"
    ),
    JudgedBy.PERSON: JudgeWords("a person", "a person said so"),
}
NO_JUDGE_WORDS: Mapping[NoJudgeReason, str] = {
    NoJudgeReason.DOWN: "it could not be asked",
    NoJudgeReason.OPEN: "it gave no clear score",
    NoJudgeReason.FOOLED: "it took the bad output of that failure for right",
}


class ProbeTry(Strict):
    """One answer to a failure asked again."""

    change: Intervention
    text: str
    right: bool | None
    """None where nothing could decide it."""
    judged_by: JudgedBy | None = None
    judge: str | None = None
    """The judge model, where one decided."""
    instead: NoJudgeReason | None = None
    """Why the judge model did not, where there is one."""


class ProbedFailure(Strict):
    """What came of one failure, and what that says."""

    id: str
    key: str
    """Stands for the texts of the failure."""
    tries: tuple[ProbeTry, ...]
    finding: str
    """Id of the conclusion."""
    cause: Cause | None
    remedy: Remedy | None
    why: str
    """One sentence for people."""
    unanswered: str = ""
    """Why the model gave no answer to some of the questions, if so."""

    def outcome(self, change: Intervention) -> bool | None:
        """Whether a change mended it at least once; None if it was not tried or not judged."""
        judged = [
            attempt.right
            for attempt in self.tries
            if attempt.change is change and attempt.right is not None
        ]
        return any(judged) if judged else None


class Skipped(Strict):
    """A failure that cannot be asked again, and why."""

    id: str
    why: str


class Count(Strict):
    """How often one change mended a failure, of those that it could be judged on."""

    change: Intervention
    tried: int
    right: int


class ProbeResult(Strict):
    """The outcome of a probe."""

    model: str
    own_model: bool
    """Whether it is the team's model; a small stand-in says less, and counts for less."""
    larger: str | None = None
    documents: bool | None = None
    """Whether facts were taken from the team's documents; None if that is not known."""
    judge_refused: str = ""
    """What the judge model's service said when it would judge nothing."""
    probed: tuple[ProbedFailure, ...]
    skipped: tuple[Skipped, ...] = ()
    counts: tuple[Count, ...] = ()


def counts(probed: tuple[ProbedFailure, ...]) -> tuple[Count, ...]:
    """Count what each change mended."""
    found = []
    for change in Intervention:
        outcomes = [failure.outcome(change) for failure in probed]
        judged = [outcome for outcome in outcomes if outcome is not None]
        if judged:
            found.append(Count(change=change, tried=len(judged), right=sum(judged)))
    return tuple(found)
