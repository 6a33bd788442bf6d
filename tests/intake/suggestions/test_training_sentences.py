"""Exemplars, wordings and head speak of the form's questions, and only in answers it takes."""

from collections import Counter
from pathlib import Path

import pytest

from advisor.errors import ModelError
from advisor.intake.suggestions.cues import FILE, Cues
from advisor.intake.suggestions.head import load_head
from advisor.intake.suggestions.suggestion import ORDER
from advisor.intake.suggestions.training_sentences import NUMBERS, load_exemplars
from advisor.rules.book import load
from advisor.rules.schema.answers import takes


def test_the_order_names_every_question_of_the_form() -> None:
    assert set(ORDER) == set(load().questions)


def test_every_answer_is_one_that_the_form_takes() -> None:
    questions = load().questions
    for exemplar in load_exemplars():
        for question, answer in exemplar.labels.items():
            assert takes(questions[question], answer) or question in NUMBERS, exemplar.text
    for question, answer in load_head().outputs:
        assert answer is None or takes(questions[question], answer)


def test_no_sentence_is_given_twice_and_every_answer_has_many() -> None:
    exemplars = load_exemplars()
    assert max(Counter(one.text for one in exemplars).values()) == 1
    said = Counter(
        (question, answer)
        for one in exemplars
        for question, answer in one.labels.items()
        if question not in NUMBERS
    )
    assert min(said.values()) >= 20
    assert sum(not one.labels for one in exemplars) >= 300
    assert len({one.domain for one in exemplars}) >= 25


def test_wordings_speak_of_known_questions() -> None:
    import yaml

    cues = Cues.model_validate(yaml.safe_load(FILE.read_text("utf-8"))).cues
    questions = load().questions
    assert all(takes(questions[cue.question], cue.answer) for cue in cues)


def test_a_damaged_head_says_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "head.safetensors"
    path.write_bytes(b"not a head")
    with pytest.raises(ModelError, match=r"python -m advisor\.intake\.suggestions\.train_reader"):
        load_head(path)


def test_the_saved_head_comes_back_the_same(tmp_path: Path) -> None:
    head = load_head()
    head.save(tmp_path / "head.safetensors")
    assert load_head(tmp_path / "head.safetensors").fingerprint == head.fingerprint
