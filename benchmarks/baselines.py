"""What a failure classifier must beat: three plain ones, on the same exemplars and records."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.failures.features.prototypes import DESCRIPTIONS
from advisor.failures.features.registry import MODES, PARTS
from advisor.failures.training.exemplars import Exemplar
from advisor.models.encoder import default_folder, load_encoder
from advisor.models.minilm import MAX_TOKENS

SETFIT_STEPS = 200
"""Contrastive steps of 16 pairs, each of 2 to 5 seconds on two cores."""
Places = NDArray[np.int64]
"""Places in `MODES`, one a record."""


def text_of(values: dict[str, Any]) -> str:
    """Return a failure as one text, each part under its name."""
    return "\n".join(f"{part}: {values[part]}" for part in PARTS if values.get(part))


def exemplar_text(exemplar: Exemplar) -> str:
    """Return an exemplar as one text, written like a record."""
    return text_of({part: getattr(exemplar.case, part).raw for part in PARTS})


def nearest(texts: Sequence[str], exemplars: Sequence[Exemplar]) -> Places:
    """Choose the mode with the nearest description, without any training."""
    encoder = load_encoder()
    described = encoder.encode([text for mode in MODES for text in DESCRIPTIONS[mode]])
    close = (encoder.encode(texts) @ described.T).reshape(len(texts), len(MODES), -1).max(2)
    return np.asarray(close.argmax(1))


def logistic(texts: Sequence[str], exemplars: Sequence[Exemplar]) -> Places:
    """Fit a logistic regression on the embeddings of the exemplars."""
    from sklearn.linear_model import LogisticRegression

    encoder = load_encoder()
    model = LogisticRegression(max_iter=1000, class_weight="balanced")
    model.fit(encoder.encode([exemplar_text(one) for one in exemplars]), _modes(exemplars))
    return np.asarray(model.predict(encoder.encode(texts)))


def setfit(texts: Sequence[str], exemplars: Sequence[Exemplar], steps: int) -> Places:
    """Fine-tune the encoder on pairs of exemplars, then fit a logistic regression (SetFit 1.2)."""
    from datasets import Dataset
    from setfit import (
        SetFitModel,
        Trainer,
        TrainingArguments,
    )

    rows = {"text": [exemplar_text(one) for one in exemplars], "label": _modes(exemplars).tolist()}
    model = SetFitModel.from_pretrained(str(default_folder()))
    model.model_body.max_seq_length = MAX_TOKENS
    with tempfile.TemporaryDirectory() as folder:
        how = TrainingArguments(
            output_dir=folder,
            batch_size=16,
            max_steps=steps,
            seed=7,
            save_strategy="no",
            report_to="none",  # else it opens a database where it stands
        )
        Trainer(model=model, args=how, train_dataset=Dataset.from_dict(rows)).train()
    return np.asarray(model.predict(list(texts), use_labels=False)).astype(np.int64)


def _modes(exemplars: Sequence[Exemplar]) -> Places:
    return np.array([MODES.index(one.mode) for one in exemplars])


Baseline = Callable[[Sequence[str], Sequence[Exemplar]], Places]


def baselines(steps: int) -> dict[str, Baseline]:
    """Return the plain classifiers by name; SetFit only if it has `steps` to train."""
    found: dict[str, Baseline] = {
        "nearest description, no training": nearest,
        "embedding and logistic regression": logistic,
    }
    if steps:
        found[f"SetFit, {steps} steps of 16 pairs"] = partial(setfit, steps=steps)
    return found
