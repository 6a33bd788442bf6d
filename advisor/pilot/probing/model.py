"""What a probe does and finds, as typed records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from advisor.proposal import Strict
from advisor.vocabulary import Cause, Remedy


class Change(StrEnum):
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


class ChangeWords(NamedTuple):
    """A change in plain words, and the remedy that it stands for."""

    title: str
    what: str
    remedy: Remedy | None


CHANGES: Mapping[Change, ChangeWords] = {
    Change.AS_IT_WAS: ChangeWords(
        "As it was", "The same question again, several times, to see whether chance decides.", None
    ),
    Change.STATED: ChangeWords(
        "Said plainly", "What is wanted is said in the prompt.", Remedy.PROMPTING
    ),
    Change.EXAMPLES: ChangeWords(
        "Shown", "Other cases with their wanted answers stand in the prompt.", Remedy.PROMPTING
    ),
    Change.FACT: ChangeWords(
        "Fact supplied", "The missing fact or passage is pasted in.", Remedy.RETRIEVAL
    ),
    Change.CONSTRAINED: ChangeWords(
        "Form enforced", "Only an answer of the right form can be written.", Remedy.OTHER
    ),
    Change.LARGER: ChangeWords(
        "Larger model", "The same question to the larger model.", Remedy.OTHER
    ),
}
JUDGES: Mapping[JudgedBy, str] = {
    JudgedBy.LABEL: "the label must be the same",
    JudgedBy.FIELDS: "every field must be the same",
    JudgedBy.NUMBER: "the number must be the same",
    JudgedBy.CLOSENESS: "closer to the wanted answer than to the bad one, with its facts",
    JudgedBy.JUDGE: "a judge model said so",
    JudgedBy.PERSON: "a person said so",
}


class Try(Strict):
    """One answer to a failure asked again."""

    change: Change
    text: str
    right: bool | None
    """None where nothing could decide it."""
    judged_by: JudgedBy | None = None


class ProbedFailure(Strict):
    """What came of one failure, and what that says."""

    id: str
    key: str
    """Stands for the texts of the failure."""
    tries: tuple[Try, ...]
    finding: str
    """Id of the conclusion."""
    cause: Cause | None
    remedy: Remedy | None
    why: str
    """One sentence for people."""

    def outcome(self, change: Change) -> bool | None:
        """Whether a change mended it at least once; None if it was not tried or not judged."""
        judged = [one.right for one in self.tries if one.change is change and one.right is not None]
        return any(judged) if judged else None


class Skipped(Strict):
    """A failure that cannot be asked again, and why."""

    id: str
    why: str


class Count(Strict):
    """How often one change mended a failure, of those that it could be judged on."""

    change: Change
    tried: int
    right: int


class ProbeResult(Strict):
    """The outcome of a probe."""

    model: str
    own_model: bool
    """Whether it is the team's model; a small stand-in says less, and counts for less."""
    larger: str | None = None
    probed: tuple[ProbedFailure, ...]
    skipped: tuple[Skipped, ...] = ()
    counts: tuple[Count, ...] = ()


def counts(probed: tuple[ProbedFailure, ...]) -> tuple[Count, ...]:
    """Count what each change mended."""
    found = []
    for change in Change:
        outcomes = [one.outcome(change) for one in probed]
        judged = [outcome for outcome in outcomes if outcome is not None]
        if judged:
            found.append(Count(change=change, tried=len(judged), right=sum(judged)))
    return tuple(found)
