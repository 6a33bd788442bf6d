"""Learning from corrections helps where they follow a pattern, and is refused where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conventions import CONVENTION, SAME_LABEL_OTHER_SHAPE
from counting import grows_less_than
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import ModelError
from advisor.failures.classifier import load_classifier
from advisor.failures.features.registry import MODES
from advisor.failures.head import shipped
from advisor.failures.learning.folds import FOLDS, folds, near_identical
from advisor.failures.learning.guard import PER_MODE, guard
from advisor.failures.learning.layer import InputScale, Layer, LearnedClassifier
from advisor.failures.learning.learn import (
    LEAST,
    MAY_FORGET,
    Lesson,
    by_luck,
    learn,
)
from advisor.failures.probabilities import named_modes
from advisor.logs.block_reading import BlockJob
from advisor.logs.recognise import open_log
from advisor.proposal import Failure
from advisor.vocabulary import Mode

pytestmark = pytest.mark.slow


def taught(failures: Sequence[Failure], mode: Mode = CONVENTION) -> Lesson:
    return learn([(failure, mode) for failure in failures])


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return taught(SAME_LABEL_OTHER_SHAPE)


@pytest.fixture(scope="module")
def layer(lesson: Lesson) -> Layer:
    assert lesson.layer, lesson.refused
    return lesson.layer


def test_a_teams_convention_is_learned_and_helps_on_what_was_kept_aside(lesson: Lesson) -> None:
    found = lesson.figures
    assert lesson.refused == "" and lesson.layer and found
    assert found.before.modes < 0.5
    assert found.after.modes > 0.9
    assert found.after.log_loss < found.before.log_loss
    assert found.became_right > 10 > found.became_wrong
    assert found.guard == PER_MODE * len(MODES)
    assert found.guard_after.modes >= found.guard_before.modes - MAY_FORGET
    assert found.guard_after.causes >= found.guard_before.causes - MAY_FORGET


def test_what_was_learned_reads_new_failures_and_leaves_others_alone(layer: Layer) -> None:
    base, learned = load_classifier(), LearnedClassifier(layer, "version 1")
    new = Failure(input="The lift is stuck.", output="maintenance;", expected="maintenance")
    assert base.read([new])[0].mode != CONVENTION
    assert learned.read([new])[0].mode == CONVENTION
    other = Failure(note="That price is outdated, it changed last year.")
    assert learned.read([other])[0].mode == base.read([other])[0].mode == Mode.STALE_KNOWLEDGE
    assert (learned.version, base.version) == ("version 1", "as shipped")
    assert learned.fingerprint != base.fingerprint


def test_a_correction_still_wins(layer: Layer) -> None:
    failure = SAME_LABEL_OTHER_SHAPE[0]
    reading = LearnedClassifier(layer, "v").read([failure], {"c0": Mode.STYLE})[0]
    assert (reading.mode, reading.corrected) == (Mode.STYLE, True)


@pytest.mark.parametrize("seed", range(4))
def test_random_labels_are_refused_with_the_reason(seed: int) -> None:
    places = np.random.default_rng(seed).integers(0, len(MODES), len(SAME_LABEL_OTHER_SHAPE))
    said = [(one, MODES[place]) for one, place in zip(SAME_LABEL_OTHER_SHAPE, places, strict=True)]
    found = learn(said)
    assert found.layer is None
    assert found.refused.startswith(("Learning would not help", "Learning this would cost"))
    assert found.figures


def test_corrections_that_say_what_was_read_already_are_refused() -> None:
    readings = load_classifier().read(SAME_LABEL_OTHER_SHAPE)
    said = [
        (one, reading.mode) for one, reading in zip(SAME_LABEL_OTHER_SHAPE, readings, strict=True)
    ]
    assert "0 became right" in learn(said).refused


@pytest.mark.parametrize("count", [0, 1, LEAST - 1])
def test_too_few_corrections_say_how_many_are_missing(count: int) -> None:
    found = taught(SAME_LABEL_OTHER_SHAPE[:count])
    missing = LEAST - count
    assert f"Correct {missing} more failure{'' if missing == 1 else 's'}" in found.refused
    assert found.layer is found.figures is None


def test_near_identical_failures_count_once() -> None:
    copies = [
        Failure(note=f"Order {number} has the wrong code again, please look at it")
        for number in range(40)
    ]
    assert "Correct 9 more" in taught(copies).refused


def test_the_same_corrections_teach_the_same(layer: Layer) -> None:
    again = taught(SAME_LABEL_OTHER_SHAPE).layer
    assert again and again.to_bytes() == layer.to_bytes()


def test_a_layer_travels_as_bytes(layer: Layer) -> None:
    here = LearnedClassifier(layer, "v")
    data = here.layer.to_bytes()
    there = LearnedClassifier(Layer.from_bytes(data), here.version)
    assert there.fingerprint == here.fingerprint
    assert there.read(SAME_LABEL_OTHER_SHAPE) == here.read(SAME_LABEL_OTHER_SHAPE)
    assert len(data) < 200_000


def test_a_damaged_layer_is_refused(layer: Layer) -> None:
    data = layer.to_bytes()
    wrong = Layer(layer.base, layer.scale, layer.weights[:-1], layer.bias)
    endless = Layer(layer.base, layer.scale, np.full_like(layer.weights, np.inf), layer.bias)
    for damaged in (b"", b"nonsense", data[:-5], wrong.to_bytes(), endless.to_bytes()):
        with pytest.raises(ModelError, match="damaged"):
            Layer.from_bytes(damaged)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_layer_or_a_plain_error(data: bytes) -> None:
    with pytest.raises(ModelError):
        Layer.from_bytes(data)


def test_a_layer_of_another_head_is_not_used(layer: Layer) -> None:
    foreign = Layer("00" * 32, layer.scale, layer.weights, layer.bias)
    with pytest.raises(ModelError, match="another classifier"):
        LearnedClassifier(foreign, "v")


def test_five_hundred_corrections_cost_no_more_each_than_a_hundred() -> None:
    many = [
        Failure(id=f"{place}", input=f"{one.input} {word}", output=one.output, expected=word)
        for place, (one, word) in enumerate(
            (one, f"{first}{last}")
            for one in SAME_LABEL_OTHER_SHAPE[:25]
            for first in ("red", "blue", "green", "old", "new")
            for last in ("stone", "river", "house", "bird")
        )
    ]
    said = [(one, MODES[place % 3]) for place, one in enumerate(many)]
    learn(said)  # what the encoder read it remembers
    assert grows_less_than(5, lambda: learn(said[:100]), lambda: learn(said))


def test_longer_texts_that_share_a_prompt_are_not_the_same() -> None:
    prompt = " ".join(f"rule{number}" for number in range(300))
    failures = [
        one.model_copy(update={"input": f"{prompt} {one.input}"}) for one in SAME_LABEL_OTHER_SHAPE
    ]
    assert len(set(near_identical(failures).tolist())) == len(failures)


@given(st.lists(st.integers(0, 6), min_size=5, max_size=60))
def test_a_group_is_on_one_side_of_every_split(names: list[int]) -> None:
    group = np.array(names)
    fold = folds(group)
    assert set(fold.tolist()) <= set(range(FOLDS))
    for name in set(names):
        assert len(set(fold[group == name].tolist())) == 1


def test_the_guard_is_balanced_and_worked_out_once() -> None:
    kept = guard(*shipped())
    for sample in (kept.judged, kept.anchors):
        assert np.bincount(sample.modes).tolist() == [PER_MODE] * len(MODES)
    assert guard(*shipped()) is kept


def test_what_a_reading_names_is_what_is_counted() -> None:
    encoder, head = shipped()
    from advisor.failures.features.case import FailureCase

    seen = encoder.evidence([FailureCase.of(one) for one in SAME_LABEL_OTHER_SHAPE])
    named = [MODES[place] for place in named_modes(head.probabilities(seen))]
    readings = load_classifier().read(SAME_LABEL_OTHER_SHAPE)
    assert named == [reading.mode for reading in readings]


def test_a_missing_note_says_nothing() -> None:
    encoder, head = shipped()
    from advisor.failures.features.case import FailureCase

    seen = encoder.evidence([FailureCase.of(one) for one in SAME_LABEL_OTHER_SHAPE[:3]])
    inputs = guard(encoder, head).scale.inputs(seen)
    notes = slice(seen.rest.shape[1], seen.rest.shape[1] + seen.notes.shape[1])
    assert not inputs[:, notes].any()
    assert np.isfinite(InputScale.of(seen).inputs(seen)).all()


@pytest.mark.parametrize(
    ("right", "wrong", "chance"), [(0, 0, 1.0), (5, 0, 1 / 32), (4, 0, 1 / 16), (1, 1, 0.75)]
)
def test_luck_is_that_of_tossing_coins(right: int, wrong: int, chance: float) -> None:
    assert by_luck(right, wrong) == pytest.approx(chance)


def test_a_worker_of_a_log_gets_what_was_learned(layer: Layer, tmp_path: Path) -> None:
    taught_one = LearnedClassifier(layer, "version 1")
    recipe = open_log(write_log(tmp_path), {}, 10).recipe
    job = BlockJob.of(tmp_path / "log.jsonl", recipe, taught_one)
    there = job.load_classifier()
    assert (there.fingerprint, there.version) == (taught_one.fingerprint, "version 1")
    assert job.classifier == there.fingerprint != load_classifier().fingerprint


def write_log(folder: Path) -> Path:
    path = folder / "log.jsonl"
    path.write_text('{"output": "a", "expected": "b"}\n', encoding="utf-8")
    return path
