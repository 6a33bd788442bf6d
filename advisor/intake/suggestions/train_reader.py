"""Trains the reader's head and writes it with its figures, run with `python -m`."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from advisor.intake.suggestions.head import (
    Floats,
    ReaderHead,
    answer_chances,
    features,
    grams,
    log_odds,
    sigmoid,
)
from advisor.intake.suggestions.suggestion import Hint, Sentence
from advisor.intake.suggestions.training_sentences import (
    LabelledSentence,
    load_exemplars,
    outputs_of,
    table,
)
from advisor.intake.suggestions.weighing import THRESHOLD, best_answers, sentence_hints
from advisor.models.encoder import DEFAULT, load_encoder
from advisor.proposal import Answer

FOLDS = 5
MIN_DOMAINS = 3
"""A word must occur in so many domains: then the topic gives nothing away."""
ABOUT_C, SAYS_C = 10.0, 30.0
RARE = 4.0
"""A sentence that speaks about the question weighs as much as four that do not."""


@dataclass(frozen=True)
class TrainingMaterial:
    """Everything that training needs, aligned by exemplar."""

    exemplars: list[LabelledSentence]
    outputs: list[tuple[str, Answer]]
    columns: Floats
    words: dict[str, int]
    says: NDArray[np.bool_]
    counts: NDArray[np.bool_]

    @property
    def questions(self) -> list[str]:
        """Every question that an exemplar answers, sorted."""
        return sorted({question for question, _ in self.outputs})

    @property
    def belongs(self) -> NDArray[np.intp]:
        """The place of each output's question, shape (outputs,)."""
        return np.array([self.questions.index(question) for question, _ in self.outputs])


def gather() -> TrainingMaterial:
    """Read and embed the exemplars."""
    exemplars = load_exemplars()
    texts = [one.text for one in exemplars]
    outputs = outputs_of(exemplars)
    words = _vocabulary(exemplars)
    columns = features(load_encoder(DEFAULT).encode(texts), texts, words)
    return TrainingMaterial(exemplars, outputs, columns, words, *table(exemplars, outputs))


def _vocabulary(exemplars: list[LabelledSentence]) -> dict[str, int]:
    domains: dict[str, set[str]] = defaultdict(set)
    for exemplar in exemplars:
        for gram in grams(exemplar.text):
            domains[gram].add(exemplar.domain)
    kept = sorted(gram for gram, where in domains.items() if len(where) >= MIN_DOMAINS)
    return {gram: place for place, gram in enumerate(kept)}


def fit(material: TrainingMaterial, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return the weights of both stages, (columns, questions) and (columns, outputs)."""
    columns = material.columns
    about = np.zeros((columns.shape[1], len(material.questions)), np.float32)
    says = np.zeros((columns.shape[1], len(material.outputs)), np.float32)
    for place in range(len(material.questions)):
        own = np.flatnonzero(material.belongs == place)
        used = rows[material.counts[rows, own[0]]]
        spoken = material.says[used][:, own].any(1)
        about[:, place] = _about(columns[used], spoken)
        if len(own) > 1:
            said = material.says[used][spoken][:, own].argmax(1)
            says[:, own] = _says(columns[used][spoken], said, len(own))
    return about, says


def _about(columns: Floats, spoken: NDArray[np.bool_]) -> Floats:
    model = LogisticRegression(
        C=ABOUT_C,
        class_weight={False: 1, True: RARE},
        fit_intercept=False,
        max_iter=500,
        random_state=0,
        solver="liblinear",
    ).fit(columns, spoken)
    weights = model.coef_[0].astype(np.float32)
    weights[-1] -= np.log(RARE)
    return np.asarray(weights)


def _says(columns: Floats, said: NDArray[np.intp], answers: int) -> Floats:
    model = LogisticRegression(
        C=SAYS_C, class_weight="balanced", fit_intercept=False, max_iter=1_000
    ).fit(columns, said)
    if answers > 2:
        return np.asarray(model.coef_.T, np.float32)
    return np.stack([np.zeros(columns.shape[1]), model.coef_[0]], axis=1).astype(np.float32)


def held_out(material: TrainingMaterial) -> Floats:
    """Return each exemplar's raw chances by a head that saw nothing of its domain."""
    domains = [one.domain for one in material.exemplars]
    chances = np.zeros(material.says.shape, np.float32)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(material.columns, groups=domains):
        about, says = fit(material, seen)
        columns = material.columns[unseen]
        chances[unseen] = answer_chances(columns @ about, columns @ says, material.belongs)
    return chances


def calibrate(material: TrainingMaterial, raw: Floats) -> Floats:
    """Return slope and shift of each output, shape (2, outputs): one slope, a shift a question."""
    scores = log_odds(raw)
    places = np.argwhere(material.counts)
    told = np.eye(len(material.questions))[material.belongs[places[:, 1]]]
    columns = np.hstack([scores[material.counts][:, None], told])
    model = LogisticRegression(C=1.0, max_iter=1_000).fit(columns, material.says[material.counts])
    shifts = model.intercept_[0] + model.coef_[0, 1:][material.belongs]
    slopes = np.full(len(material.outputs), model.coef_[0, 0])
    return np.stack([slopes, shifts]).astype(np.float32)


def train(material: TrainingMaterial) -> tuple[ReaderHead, Floats]:
    """Return the head trained on everything, and the held-out raw chances."""
    pass

    raw = held_out(material)
    about, says = fit(material, np.arange(len(material.exemplars)))
    head = ReaderHead(
        questions=tuple(material.questions),
        outputs=tuple(material.outputs),
        words=material.words,
        about=about,
        says=says,
        calibration=calibrate(material, raw),
        joined={},
        encoder=load_encoder(DEFAULT).identity,
    )
    return replace(
        head, joined=calibrate_joined(material, held_out_hints(material, head, raw))
    ), raw


def calibrate_joined(
    material: TrainingMaterial, hints: list[list[Hint]]
) -> dict[str, tuple[float, float]]:
    """Return slope and shift by question, from held-out hints and whether they were right."""
    told = [
        (hint, exemplar.labels.get(hint.question, "") == hint.answer)
        for exemplar, made in zip(material.exemplars, hints, strict=True)
        for hint in made
        if exemplar.counts(hint.question)
    ]
    places = [material.questions.index(hint.question) for hint, _ in told]
    scores = log_odds(np.array([hint.sure for hint, _ in told], np.float32))
    columns = np.hstack([scores[:, None], np.eye(len(material.questions))[places]])
    model = LogisticRegression(C=1.0, max_iter=1_000).fit(columns, [right for _, right in told])
    slope, *shifts = (round(float(value), 4) for value in model.coef_[0])
    start = float(model.intercept_[0])
    return {
        question: (slope, round(start + shift, 4))
        for question, shift in zip(material.questions, shifts, strict=True)
    }


def main() -> None:
    """Train, write the head, and write its held-out figures to standard output."""
    pass

    material = gather()
    head, raw = train(material)
    head.save()
    sys.stdout.write(figures(material, head, raw))


if __name__ == "__main__":
    main()
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
            sentence_hints(Sentence(one.text, "description"), row, head), head.joined, _LEAST
        )
        for one, row in zip(material.exemplars, chances, strict=True)
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
        ReaderScore(one, stated[one], found[one], wrong[one], sure[one]) for one in sorted(stated)
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
