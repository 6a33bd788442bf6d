from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from advisor.failures import training
from advisor.failures.head import FILE, Head, load_head
from advisor.models.encoder import load_encoder
from advisor.vocabulary import Mode


@pytest.fixture(scope="module")
def few() -> list[training.Exemplar]:
    return training.read_exemplars()[::6]


@pytest.fixture(scope="module")
def head(few: list[training.Exemplar]) -> Head:
    return training.train(few, load_encoder())


def test_the_same_exemplars_give_the_same_head(few: list[training.Exemplar], head: Head) -> None:
    assert training.train(few, load_encoder()).fingerprint == head.fingerprint


def test_a_stored_head_equals_the_fresh_one(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path / "head.safetensors")
    assert load_head(load_encoder(), tmp_path / "head.safetensors").fingerprint == head.fingerprint


def test_every_exemplar_is_read_with_its_mode() -> None:
    exemplars = training.read_exemplars()
    assert {exemplar.mode for exemplar in exemplars} == set(Mode)
    assert all(exemplar.domain for exemplar in exemplars)


def test_variants_never_leave_a_case_without_anything_to_judge(
    few: list[training.Exemplar],
) -> None:
    for exemplar in few:
        for variant in training.variants(exemplar):
            case = variant.case
            assert case.note or case.output or case.expected
            assert (variant.mode, variant.domain) == (exemplar.mode, exemplar.domain)


def test_a_domain_is_never_on_both_sides() -> None:
    domains = np.array([f"d{number % 13}" for number in range(200)])
    masks = list(training.folds(domains))
    assert sum(mask.sum() for mask in masks) == len(domains)
    for mask in masks:
        assert not set(domains[mask]) & set(domains[~mask])


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.full(10, 0.8)
    assert training.calibration_error(sure, np.arange(10) < 8) == pytest.approx(0)
    assert training.calibration_error(sure, np.arange(10) < 3) == pytest.approx(0.5)


def test_the_threshold_reaches_the_wanted_accuracy() -> None:
    chances = np.zeros((100, 12))
    chances[:, 0], chances[:, 11] = np.linspace(0.5, 1, 100), np.linspace(0.5, 0, 100)
    modes = np.where(np.arange(100) < 50, 11, 0)
    threshold = training.lowest_threshold(chances, modes)
    answered = chances[:, 0] >= threshold
    assert (modes[answered] == 0).mean() >= training.WANTED_ACCURACY


def test_the_shipped_head_was_trained_on_the_shipped_exemplars() -> None:
    about = load_head(load_encoder(), FILE).about
    exemplars = training.read_exemplars()
    assert about.exemplars == len(exemplars)
    assert about.exemplars_sha256 == training.exemplars_digest(exemplars)
    assert about.figures["cause_macro_f1"] > 0.5


def test_training_from_the_command_line_prints_its_figures(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom advisor.failures import head, training\n"
        "head.FILE = Path(sys.argv[1])\nread = training.read_exemplars\n"
        "training.read_exemplars = lambda: read()[::6]\ntraining.main()"
    )
    file = tmp_path / "new" / "head.safetensors"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "cause_macro_f1" in done.stdout
    assert "threshold" in done.stdout
    assert file.is_file()
