"""Whether an answer is right, and what decided it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from advisor.failures.features.case import share
from advisor.failures.features.texts import FailureText
from advisor.models.encoder import Encoder
from advisor.models.endpoint import Stop, never
from advisor.pilot.probing.judge_opinion import AnswerJudge, AskedAgain
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.pilot.probing.probe_records import JudgedBy, NoJudgeReason
from advisor.proposal import Failure

NEAR = 0.55
"""Closeness to the wanted answer under which an answer is not right, whatever the bad one is."""
CLEAR = 0.04
"""By how much it must be closer to the wanted answer than to the bad one."""
FACTS = 0.75
"""Share of the wanted facts that it must hold."""


class Judged(NamedTuple):
    """A judgement; None where nothing decides."""

    right: bool | None
    by: JudgedBy | None
    judge: str | None = None
    """The judge model, where one decided."""
    instead: NoJudgeReason | None = None
    """Why it did not, where there is one."""


@dataclass(frozen=True)
class _Way:
    by: JudgedBy
    applies: Callable[[FailureText, ProbeMaterial], bool]
    right: Callable[[FailureText, FailureText], bool]


def _same_label(answer: FailureText, wanted: FailureText) -> bool:
    first = answer.raw.split("\n")[0]
    return first.strip(" .\"'`*").casefold() == wanted.raw.casefold()


def _same_fields(answer: FailureText, wanted: FailureText) -> bool:
    found = answer.json if answer.json is not None else answer.inner_json
    return bool(found == wanted.json)


def _same_number(answer: FailureText, wanted: FailureText) -> bool:
    return bool(answer.numbers) and answer.numbers[-1] == wanted.numbers[-1]


_WAYS = (
    _Way(JudgedBy.LABEL, lambda wanted, material: wanted.raw in material.labels, _same_label),
    _Way(JudgedBy.FIELDS, lambda wanted, _: isinstance(wanted.json, (dict, list)), _same_fields),
    _Way(
        JudgedBy.NUMBER,
        lambda wanted, _: len(wanted.words) <= 2 and len(wanted.numbers) == 1,
        _same_number,
    ),
)


@dataclass(frozen=True)
class Referee:
    """Judges answers by the strictest measure that the wanted answer allows.

    What no exact measure decides is up to the judge model; where there is none, or its word does
    not count, to closeness.
    """

    material: ProbeMaterial
    encoder: Encoder
    model: AnswerJudge | None = None

    def judge_all(self, answers: Sequence[AskedAgain], stop: Stop = never) -> list[Judged]:
        """Say which answers are right, in order.

        Raises:
            StoreError: what the judge model said cannot be kept.
        """
        found = [self.judge(*answer) for answer in answers]
        open_ = [place for place, one in enumerate(found) if one.by is JudgedBy.CLOSENESS]
        if self.model and open_:
            words = self.model.words([answers[place] for place in open_], stop)
            for place, word in zip(open_, words, strict=True):
                found[place] = (
                    found[place]._replace(instead=word.instead)
                    if word.right is None
                    else Judged(word.right, JudgedBy.JUDGE, self.model.name)
                )
        return found

    def judge(self, answer: str, failure: Failure) -> Judged:
        """Say whether `answer` is right, without the judge model."""
        said, wanted = FailureText(answer), FailureText(failure.expected or "")
        for way in _WAYS:
            if way.applies(wanted, self.material):
                return Judged(bool(said) and way.right(said, wanted), way.by)
        closer = bool(said) and self._closer(said, wanted, FailureText(failure.output or ""))
        return Judged(closer, JudgedBy.CLOSENESS)

    def _closer(self, said: FailureText, wanted: FailureText, bad: FailureText) -> bool:
        """Closeness is the mean of the cosine of the embeddings and the F1 of the words."""
        rows = self.encoder.encode([said.raw, wanted.raw, bad.raw or " "])
        near = (float(rows[0] @ rows[1]) + overlap(said, wanted)) / 2
        far = (float(rows[0] @ rows[2]) + overlap(said, bad)) / 2 if bad else 0.0
        held = not wanted.facts or share(wanted.facts, said.known) >= FACTS
        return held and near >= NEAR and near >= far + CLEAR


def overlap(one: FailureText, other: FailureText) -> float:
    """Return the F1 of two sets of words, 0 to 1."""
    both = len(one.content & other.content)
    return 2 * both / (len(one.content) + len(other.content)) if both else 0.0
