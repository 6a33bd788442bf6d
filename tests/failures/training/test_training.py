from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from advisor.failures.head import FILE, ClassifierHead, load_head
from advisor.failures.head_inputs import load_case_encoder
from advisor.failures.training import exemplars as exemplar
from advisor.failures.training import fitting, train_head
from advisor.failures.training.held_out import FOLDS
from advisor.vocabulary import Mode

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def few() -> list[exemplar.Exemplar]:
    return train_head.read_exemplars()[::100]


@pytest.fixture(scope="module")
def head(few: list[exemplar.Exemplar]) -> ClassifierHead:
    return train_head.train(few, load_case_encoder())


def test_the_same_exemplars_give_the_same_head(
    few: list[exemplar.Exemplar], head: ClassifierHead
) -> None:
    assert train_head.train(few, load_case_encoder()).fingerprint == head.fingerprint


def test_a_stored_head_equals_the_fresh_one(head: ClassifierHead, tmp_path: Path) -> None:
    head.save(tmp_path / "head.safetensors")
    assert (
        load_head(load_case_encoder(), tmp_path / "head.safetensors").fingerprint
        == head.fingerprint
    )


def test_every_exemplar_is_read_with_its_mode() -> None:
    exemplars = train_head.read_exemplars()
    assert {one.mode for one in exemplars} == set(Mode)
    assert all(one.domain for one in exemplars)


def test_variants_never_leave_a_case_without_anything_to_judge(
    few: list[exemplar.Exemplar],
) -> None:
    for one in few:
        for variant in exemplar.variants(one):
            case = variant.case
            assert case.note or case.output or case.expected
            assert (variant.mode, variant.domain) == (one.mode, one.domain)


def test_a_domain_is_never_on_both_sides() -> None:
    domains = np.array([f"d{number % 13}" for number in range(200)])
    masks = list(fitting.folds(domains))
    assert sum(mask.sum() for mask in masks) == len(domains)
    for mask in masks:
        assert not set(domains[mask]) & set(domains[~mask])


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.full(10, 0.8)
    assert train_head.calibration_error(sure, np.arange(10) < 8) == pytest.approx(0)
    assert train_head.calibration_error(sure, np.arange(10) < 3) == pytest.approx(0.5)


def test_notes_are_judged_by_what_other_writers_taught(few: list[exemplar.Exemplar]) -> None:
    data = fitting.prepare(few, load_case_encoder())
    masks = list(fitting.by_writer(data))
    assert len(masks) == FOLDS
    assert np.sum(masks, axis=0).tolist() == [1] * len(data.modes)
    alone = data.where(data.writers == "first")
    assert len(list(fitting.by_writer(alone))) == fitting.FOLDS


def test_knowledge_from_before_training_keeps_one_common_factor(
    few: list[exemplar.Exemplar],
) -> None:
    weights, _ = fitting.rest_expert(fitting.prepare(few[::4], load_case_encoder()))
    first = weights[:12]
    assert np.allclose(first, np.eye(12) * first[0, 0])


def test_the_shipped_head_was_trained_on_the_shipped_exemplars() -> None:
    about = load_head(load_case_encoder(), FILE).about
    exemplars = train_head.read_exemplars()
    assert about.exemplars == len(exemplars)
    assert about.exemplars_sha256 == exemplar.exemplars_digest(exemplars)
    assert about.figures["cause_macro_f1"] > 0.5


def test_training_from_the_command_line_prints_its_figures(
    few: list[exemplar.Exemplar],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "new" / "head.safetensors"
    monkeypatch.setattr("advisor.failures.head.FILE", file)
    monkeypatch.setattr(train_head, "read_exemplars", lambda: few)
    even = np.full((len(few), len(Mode)), -np.log(len(Mode)))
    monkeypatch.setattr(train_head, "held_out_logs", lambda exemplars: even)
    train_head.main()
    said = capsys.readouterr().out
    assert "cause_macro_f1" in said
    assert "threshold" in said
    assert file.is_file()
