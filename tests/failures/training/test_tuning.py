from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from advisor.failures.features.registry import MODES
from advisor.failures.record.reader import TunedReader, save
from advisor.failures.training.exemplars import read_exemplars
from advisor.failures.training.held_out import FOLDS, writer_folds
from advisor.failures.training.tune_record import tune
from advisor.failures.training.tuning import TuningRecipe, tuned

pytestmark = pytest.mark.slow
SHORT = TuningRecipe(rounds=1, batch=8)
FEW = [one for one in read_exemplars() if len(one.case.note.raw) + len(one.case.output.raw) < 120][
    ::400
]


def test_the_same_exemplars_teach_the_same() -> None:
    first, second = tuned(FEW[:16], SHORT), tuned(FEW[:16], SHORT)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_tuning_learns_what_it_is_given() -> None:
    some = FEW[:12]
    recipe = TuningRecipe(rounds=14, batch=12, dropped=0, hidden_words=0)
    logs = TunedReader(tuned(some, recipe)).read([one.case for one in some]).logs
    found = [MODES[place] for place in logs.argmax(1)]
    assert sum(mode == one.mode for mode, one in zip(found, some, strict=True)) >= 9


def test_a_writer_is_never_on_both_sides() -> None:
    exemplars = read_exemplars()
    masks = list(writer_folds(np.array([one.writer for one in exemplars])))
    assert len(masks) == FOLDS
    assert sum(mask.sum() for mask in masks) == len(exemplars)
    for mask in masks:
        aside = {one.writer for one, out in zip(exemplars, mask, strict=True) if out}
        others = {one.writer for one, out in zip(exemplars, mask, strict=True) if not out}
        assert not aside & others


def test_half_of_the_exemplars_are_read_by_an_encoder_that_did_not_meet_its_writer() -> None:
    _, logs = tune(FEW, SHORT)
    judged = np.isfinite(logs).all(1)
    assert 0 < judged.sum() < len(FEW)
    assert (logs[judged] < 0).all()


def test_changes_come_back_from_their_file(tmp_path: Path) -> None:
    changes = tuned(FEW[:8], SHORT)
    save(changes, tmp_path / "changes.safetensors")
    stored = TunedReader(load_file(tmp_path / "changes.safetensors"))
    cases = [one.case for one in FEW[:4]]
    assert abs(stored.read(cases).logs - TunedReader(changes).read(cases).logs).max() < 0.05
