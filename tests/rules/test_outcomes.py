from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.rules import load, outcome, representative_answers
from advisor.rules.book import load_files
from advisor.rules.loading.rule_files import RuleFiles


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"labelled_examples": 200, "retrieval_tried": True}, "fires"),
        ({"labelled_examples": 1}, "does not fire"),
        ({"labelled_examples": 200}, "needs retrieval_tried"),
        ({"labelled_examples": None}, "needs labelled_examples, retrieval_tried"),
        ({"labelled_examples": "x", "retrieval_tried": True}, "needs labelled_examples"),
        ({"retrieval_tried": False}, "does not fire"),
    ],
)
def test_a_rule_fires_or_not_or_says_what_it_needs(
    tmp_path: Path, write: Callable[..., Path], answers: dict[str, object], says: str
) -> None:
    (rule,) = load(write(tmp_path)).evidence
    assert str(outcome(rule, answers)) == says  # type: ignore[arg-type]


def chances(folder: Path, name: str) -> dict[object, float]:
    book = load(folder)
    return dict(representative_answers(book.questions[name], book))


def test_choices_and_yes_no_give_every_answer_evenly(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    folder = write(tmp_path)
    assert chances(folder, "retrieval_tried") == {True: 0.5, False: 0.5}
    assert chances(folder, "facts_change_often") == pytest.approx({
        "daily": 1 / 3,
        "weekly": 1 / 3,
        "never": 1 / 3,
    })


def test_numbers_give_one_answer_on_each_side_of_a_cut(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    assert chances(write(tmp_path), "labelled_examples") == {199: 0.5, 200: 0.5}


def test_likely_gives_the_chances_and_the_rest_is_shared(
    change: Callable[[str, str, str], Path],
) -> None:
    likely = "  options: [daily, weekly, never]\n  likely: {daily: 0.5}\n"
    folder = change("questions.yaml", "  options: [daily, weekly, never]\n", likely)
    found = chances(folder, "facts_change_often")
    assert found == pytest.approx({"daily": 0.5, "weekly": 0.25, "never": 0.25})


def test_likely_numbers_count_for_the_stretch_they_fall_in(
    change: Callable[[str, str, str], Path],
) -> None:
    likely = "  maximum: 1000000\n  likely: {0: 0.2, 100: 0.1, 5000: 0.7}\n"
    folder = change("questions.yaml", "  maximum: 1000000\n", likely)
    assert chances(folder, "labelled_examples") == pytest.approx({199: 0.3, 200: 0.7})


def test_a_number_between_whole_cuts_may_be_a_fraction(
    change: Callable[[str, str, str], Path],
) -> None:
    folder = change("evidence/data.yaml", "labelled_examples >= 200", "labelled_examples > 0.5")
    low, high = chances(folder, "labelled_examples")
    assert low == 0.5 < high  # type: ignore[operator]


def test_a_number_no_rule_compares_gives_one_answer(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    folder = write(tmp_path, {"evidence/data.yaml": "[]"})
    assert chances(folder, "labelled_examples") == {0: 1.0}


@given(value=st.one_of(st.integers(0, 10**6), st.floats(0, 10**6)))
def test_every_number_behaves_like_one_of_its_representatives(
    tiny: dict[str, str], value: float
) -> None:
    book = load_files(RuleFiles.of({name: text.encode() for name, text in tiny.items()}))
    (rule,) = book.evidence
    space = representative_answers(book.questions["labelled_examples"], book)
    results = {outcome(rule, {"labelled_examples": answer}) for answer, _ in space}
    assert outcome(rule, {"labelled_examples": value}) in results


def test_the_shipped_chances_sum_to_one() -> None:
    book = load()
    for question in book.questions.values():
        total = sum(chance for _, chance in representative_answers(question, book))
        assert total == pytest.approx(1)
