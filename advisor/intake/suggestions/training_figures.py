"""How right the reader is on sentences of domains that its head has not seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from advisor.intake.suggestions.head import (
    Floats,
    ReaderHead,
    log_odds,
    sigmoid,
)
from advisor.intake.suggestions.suggestion import Hint, Sentence
from advisor.intake.suggestions.training_sentences import LabelledSentence, TrainingMaterial
from advisor.intake.suggestions.weighing import THRESHOLD, best_answers, sentence_hints

_LEAST = 0.05
"""Hints below this chance are never suggested; leaving them out saves time."""


@dataclass(frozen=True)
class ReaderScore:
    """Counts for one question, or for all."""

    question: str
    stated: int
    """Sentences that answer it."""
    found: int
    """Suggestions that are right."""
    wrong: int
    sure: float
    """Sum of the chances that the suggestions carry."""

    def __str__(self) -> str:
        """Return one line: precision, mean chance, recall."""
        made = self.found + self.wrong
        precision = self.found / made if made else float("nan")
        mean = self.sure / made if made else float("nan")
        recall = self.found / self.stated if self.stated else float("nan")
        return (
            f"{self.question:30} {self.stated:5} {made:5} "
            f"{precision:9.2f} {mean:9.2f} {recall:6.2f}"
        )


def held_out_hints(material: TrainingMaterial, head: ReaderHead, raw: Floats) -> list[list[Hint]]:
    """Return the hints for each exemplar, its domain unseen by the head."""
    slope, shift = head.calibration
    chances = sigmoid(slope * log_odds(raw) + shift)
    return [
        best_answers(
            sentence_hints(Sentence(sentence.text, "description"), row, head), head.joined, _LEAST
        )
        for sentence, row in zip(material.exemplars, chances, strict=True)
    ]


def measure(
    exemplars: list[LabelledSentence], hints: list[list[Hint]], threshold: float = THRESHOLD
) -> list[ReaderScore]:
    """Return a figure a question, and one for all at the end."""
    stated, found, wrong = Counter[str](), Counter[str](), Counter[str]()
    sure: dict[str, float] = defaultdict(float)
    for exemplar, made in zip(exemplars, hints, strict=True):
        stated.update(exemplar.labels.keys())
        for hint in made:
            if hint.sure >= threshold and exemplar.counts(hint.question):
                right = exemplar.labels.get(hint.question, "") == hint.answer
                (found if right else wrong)[hint.question] += 1
                sure[hint.question] += hint.sure
    rows = [
        ReaderScore(question, stated[question], found[question], wrong[question], sure[question])
        for question in sorted(stated)
    ]
    return [
        *rows,
        ReaderScore("all", stated.total(), found.total(), wrong.total(), sum(sure.values())),
    ]


def figures(material: TrainingMaterial, head: ReaderHead, raw: Floats) -> str:
    """Return the table as text."""
    title = (
        f"{'question':30} {'said':>5} {'made':>5} {'precision':>9} {'mean sure':>9} {'recall':>6}"
    )
    rows = measure(material.exemplars, held_out_hints(material, head, raw))
    return "\n".join([title, *map(str, rows), ""])
