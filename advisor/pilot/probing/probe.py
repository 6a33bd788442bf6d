"""Probe a proposal: ask each failure again with one thing changed, judge, conclude, keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.models.encoder import Encoder, load_encoder
from advisor.models.endpoint import EndpointError, Stop, never
from advisor.pilot.probing.answer_judging import Referee
from advisor.pilot.probing.answerers import Answerer
from advisor.pilot.probing.conclude import concluded
from advisor.pilot.probing.interventions import ProbeQuestion, questions_for
from advisor.pilot.probing.judge_opinion import AnswerJudge, AskedAgain, judge_model
from advisor.pilot.probing.probe_material import Passages, ProbeMaterial
from advisor.pilot.probing.probe_records import (
    ProbedFailure,
    ProbeResult,
    ProbeTry,
    Skipped,
    counts,
)
from advisor.proposal import Draft, Failure

MOST = 60
"""Failures asked again; more of them would tell little more."""
TOGETHER = 8
"""Failures asked together: stopping loses little, and the model's weights are read seldom."""

Tell = Callable[[int, int], object]
"""Is told how many questions are answered, of how many."""


@dataclass(frozen=True)
class Probe:
    """One proposal with the model that is asked."""

    draft: Draft
    answerer: Answerer
    encoder: Encoder
    passages: Passages | None = None
    judge: AnswerJudge | None = None

    @property
    def material(self) -> ProbeMaterial:
        """What can be asked again."""
        return ProbeMaterial.of(self.draft, self.passages)

    @property
    def chosen(self) -> tuple[Failure, ...]:
        """The failures to ask about: evenly from all that can be asked again."""
        able = self.material.failures
        return (
            tuple(able[place * len(able) // MOST] for place in range(MOST))
            if (len(able) > MOST)
            else able
        )

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The failures that cannot be asked again."""
        why = {"input": "what was asked is missing", "expected": "the wanted answer is missing"}
        return tuple(
            Skipped(id=failure.id or "", why=why[missing[0]])
            for failure in self.draft.failures
            if (missing := [name for name in why if not getattr(failure, name)])
        )

    def questions(self, failures: Sequence[Failure]) -> list[tuple[Failure, ProbeQuestion]]:
        """Return everything to ask about `failures`."""
        larger, material = self.answerer.larger is not None, self.material
        return [
            (failure, ask)
            for failure in failures
            for ask in questions_for(material, failure, larger)
        ]

    def run(self, tell: Tell, stop: Stop = never) -> Iterator[ProbedFailure]:
        """Ask, and yield each failure once it is judged; after `stop` no further ones come.

        Raises:
            EndpointError: the service would answer nothing.
            ModelError: the model cannot be used.
        """
        chosen, done = self.chosen, 0
        total = len(self.questions(chosen))
        referee = Referee(self.material, self.encoder, self.judge)
        for start in range(0, len(chosen), TOGETHER):
            part = chosen[start : start + TOGETHER]
            questions = self.questions(part)
            texts: dict[int, str | EndpointError] = {}
            for place, text in self.answerer.answer([ask for _, ask in questions], stop):
                texts[place] = text
                tell(done + len(texts), total)
            done += len(questions)
            probed = _judged(part, questions, texts, referee, stop)
            if stop():
                return
            yield from probed

    def result(self, probed: Sequence[ProbedFailure]) -> ProbeResult:
        """Put together what was found."""
        return ProbeResult(
            model=self.answerer.name,
            own_model=self.answerer.own_model,
            larger=self.answerer.larger,
            documents=self.passages is not None,
            judge_refused=self.judge.refusal if self.judge else "",
            probed=tuple(probed),
            skipped=self.skipped,
            counts=counts(tuple(probed)),
        )


def _judged(
    failures: Sequence[Failure],
    questions: Sequence[tuple[Failure, ProbeQuestion]],
    texts: dict[int, str | EndpointError],
    referee: Referee,
    stop: Stop,
) -> list[ProbedFailure]:
    said = [
        (ask.change, AskedAgain(text, failure))
        for place, (failure, ask) in enumerate(questions)
        if isinstance(text := texts.get(place), str)
    ]
    tries: dict[str, list[ProbeTry]] = {one.key: [] for one in failures}
    judged = referee.judge_all([one for _, one in said], stop)
    for (change, one), found in zip(said, judged, strict=True):
        tries[one.failure.key].append(
            ProbeTry(
                change=change,
                text=one.text,
                right=found.right,
                judged_by=found.by,
                judge=found.judge,
                instead=found.instead,
            )
        )
    missing = {
        failure.key: str(text)
        for place, (failure, _) in enumerate(questions)
        if isinstance(text := texts.get(place), EndpointError)
    }
    return [concluded(one, tries[one.key], missing.get(one.key, "")) for one in failures]


def probe_of(draft: Draft, answerer: Answerer, passages: Passages | None = None) -> Probe:
    """Return the probe of a proposal with the encoder in use."""
    judge = judge_model(draft.current.prompt or "")
    return Probe(draft, answerer, load_encoder(), passages, judge)
