"""Trains the reader's head and writes it with its figures, run with `python -m`."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from advisor.intake.suggestions.head import (
    Floats,
    ReaderHead,
    answer_chances,
    log_odds,
)
from advisor.intake.suggestions.suggestion import Hint
from advisor.intake.suggestions.training_figures import figures, held_out_hints
from advisor.intake.suggestions.training_sentences import TrainingMaterial, gather
from advisor.models.encoder import DEFAULT, load_encoder

FOLDS = 5
ABOUT_C, SAYS_C = 10.0, 30.0
RARE = 4.0
"""A sentence that speaks about the question weighs as much as four that do not."""


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
    domains = [sentence.domain for sentence in material.exemplars]
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
    material = gather()
    head, raw = train(material)
    head.save()
    sys.stdout.write(figures(material, head, raw))


if __name__ == "__main__":
    main()
