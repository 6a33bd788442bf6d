"""The simplest thing that may win on labels: an encoder and a logistic regression."""

from __future__ import annotations

import math
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer
from advisor.domain.pilot_spec import ArmName, Task
from advisor.models.encoder import Rows, load_encoder
from advisor.pilot.arms.answering import answering, training_cases
from advisor.pilot.arms.arm import Arm, ArmJob, Progress
from advisor.vocabulary import Remedy

STRENGTHS = (1.0, 4.0, 16.0, 64.0, 256.0)
"""Inverse strengths of regularisation that are tried, strongest first."""
FOLDS = 5
SINGLE = 0.8
"""Share of training cases with a label of their own from which on they are no labels."""


def _unfit(frozen: Frozen) -> str:
    if frozen.spec.task is not Task.CLASSIFICATION:
        return "a classifier chooses among labels, and this task has none"
    labels = Counter(case.expected for case in frozen.data.train)
    if len(labels) < 2:
        return "all training cases have the same label"
    if len(labels) > SINGLE * labels.total():
        return "nearly every training case has a label of its own"
    return ""


def _answer(job: ArmJob, cases: Sequence[Case]) -> Iterator[ArmAnswer]:
    train = training_cases(job)
    job.tell(Progress("preparing", 0, len(train)))
    rows = load_encoder().encode([case.input for case in train])
    labels = np.array([case.expected for case in train])
    if len(set(labels)) < 2:  # a small share may hold one label
        yield from (ArmAnswer(case=case.id, text=str(labels[0])) for case in cases)
        return
    strength = _strength(job, rows, labels)
    if job.stop():
        return
    model = _fitted(rows, labels, strength)
    job.notes.details |= {"regularisation": strength, "encoder": load_encoder().identity}
    begun = time.monotonic()
    asked = load_encoder().encode([case.input for case in cases])
    found = model.predict(asked)
    each = (time.monotonic() - begun) / len(cases)
    for case, label in zip(cases, found, strict=True):
        yield ArmAnswer(case=case.id, text=str(label), seconds=each)


def _strength(job: ArmJob, rows: Rows, labels: Any) -> float:
    """Return the regularisation with the lowest log-loss on parts left out."""
    from sklearn.model_selection import KFold  # heavy: sklearn

    folds = list(KFold(min(FOLDS, len(labels)), shuffle=True, random_state=job.seed).split(rows))
    losses = dict.fromkeys(STRENGTHS, 0.0)
    for done, strength in enumerate(STRENGTHS):
        job.tell(Progress("training", done, len(STRENGTHS)))
        for seen, held in folds:
            if job.stop():
                return strength
            losses[strength] += _loss(rows, labels, seen, held, strength)
    return min(losses, key=lambda one: (losses[one], one))


def _loss(rows: Rows, labels: Any, seen: Any, held: Any, strength: float) -> float:
    """Return the log-loss on `held`; a label that was not `seen` costs as a guess among all."""
    if len(set(labels[seen])) < 2:
        return 0.0
    model = _fitted(rows[seen], labels[seen], strength)
    known = {label: place for place, label in enumerate(model.classes_)}
    chances = model.predict_proba(rows[held])
    guess = 1 / (len(known) + 1)
    return sum(
        -math.log(max(1e-12, chance[known[label]] if label in known else guess))
        for chance, label in zip(chances, labels[held], strict=True)
    )


def _fitted(rows: Rows, labels: Any, strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression  # heavy: sklearn

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes is greater")
        return LogisticRegression(C=strength, max_iter=500, tol=1e-3).fit(rows, labels)


CLASSIFIER = Arm(
    ArmName.CLASSIFIER,
    "Classifier",
    "A small encoder and a logistic regression on the training examples; no language model.",
    remedies=(Remedy.OTHER,),
    trains=False,
    unfit=_unfit,
    answer=answering(_answer),
)
