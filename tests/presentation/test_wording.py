from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.sources import Spread
from advisor.presentation import wording
from advisor.proposal import Answer
from advisor.rules.schema.rule_schema import Question
from advisor.vocabulary import COMBINATIONS, Cause, Mode, Remedy, combination_name

TAXONOMY = Path(__file__).parents[2] / "rules" / "taxonomy.yaml"


def spread(low: float, mid: float, high: float) -> Spread:
    return Spread(low=low, mid=mid, high=high)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.001, "under 1 %"),
        (0.62, "62 %"),
        (0.998, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_shares_are_whole_percent(share: float, words: str) -> None:
    assert wording.percent(share) == words


def test_a_range_is_given_only_when_there_is_one() -> None:
    assert wording.percent_range(spread(0.48, 0.62, 0.74)) == "about 62 % (48 to 74 %)"
    assert wording.percent_range(spread(0.62, 0.62, 0.62)) == "about 62 %"


@pytest.mark.parametrize("remedies", COMBINATIONS)
def test_every_combination_has_plain_words(remedies: tuple[Remedy, ...]) -> None:
    words = wording.combination_words(combination_name(remedies))
    assert "_" not in words and "+" not in words


def test_combinations_read_like_a_list() -> None:
    assert wording.combination_words("retrieval+fine_tuning") == "retrieval and fine-tuning"
    three = wording.combination_words("prompting+retrieval+fine_tuning")
    assert three == "prompting, retrieval and fine-tuning"


def test_another_approach_is_named_when_it_is_known() -> None:
    assert wording.combination_words("prompting+other") == "prompting and another approach"
    assert wording.combination_words("other", "a larger model") == "a larger model"
    assert "to a larger model" in wording.verdict(0.9, False, "other", "a larger model")
    assert "points to a tool" in wording.request_words("fine_tuning", "other", (), "a tool")


@pytest.mark.parametrize(
    ("ratio", "word"), [(2, "weak"), (4, "clear"), (10, "strong"), (0.1, "strong")]
)
def test_weights_have_a_strength_in_either_direction(ratio: float, word: str) -> None:
    assert wording.strength(math.log(ratio)) == word


CHOICE = Question(
    id="how_often",
    ask="How often?",
    why="Because.",
    example="One.",
    section="need",
    type="choice",
    options=("weekly", "never"),
    labels={"weekly": "every week"},
)
COUNT = Question(
    id="how_many",
    ask="How many?",
    why="Because.",
    example="One.",
    section="data",
    type="number",
    unit="examples",
)


@pytest.mark.parametrize(
    ("answer", "question", "words"),
    [
        (True, None, "yes"),
        (False, None, "no"),
        (None, COUNT, "I don't know"),
        ("", None, "I don't know"),
        (1500, COUNT, "1,500 examples"),
        (2.5, None, "2.5"),
        ("weekly", CHOICE, "every week"),
        ("never", CHOICE, "never"),
        ("weekly", None, "weekly"),
    ],
)
def test_answers_in_words(answer: Answer, question: Question | None, words: str) -> None:
    assert wording.answer_words(answer, question) == words


@pytest.mark.parametrize(
    ("confidence", "abstained", "word"),
    [
        (0.95, False, "strongly"),
        (0.7, False, "clearly"),
        (0.4, False, "leans to"),
        (0.95, True, "best guess"),
    ],
)
def test_confidence_in_words(confidence: float, abstained: bool, word: str) -> None:
    assert wording.confidence_word(confidence, abstained) == word
    assert word in wording.verdict(confidence, abstained, "prompting").lower()


@pytest.mark.parametrize(
    ("given_days", "words"),
    [
        ((3, 5, 8), "3 to 8 days"),
        ((1, 1, 1), "1 day"),
        ((0, 0, 0), "no time"),
        ((0.2, 0.5, 1), "0 to 1 day"),
        ((0.5, 1, 2.6), "0.5 to 2.5 days"),
        ((9.6, 12, 1200), "10 to 1,200 days"),
    ],
)
def test_durations(given_days: tuple[float, float, float], words: str) -> None:
    assert wording.days(spread(*given_days)) == words


def test_upkeep_is_by_the_month() -> None:
    assert wording.days_a_month(spread(1, 2, 3)) == "1 to 3 days a month"
    assert wording.days_a_month(spread(0, 0, 0)) == "no time"


def test_dates_carry_their_zone() -> None:
    at = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
    assert wording.moment(at) == "3 November 2026, 09:05 UTC"
    there = at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert wording.moment(there) == "3 November 2026, 14:35 UTC+05:30"


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        wording.moment(datetime(2026, 11, 3))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("requested", "vetoed", "part"),
    [
        (None, (), "No remedy was asked for"),
        ("prompting+retrieval", (), "The evidence agrees"),
        ("retrieval", (), "it also needs prompting"),
        ("fine_tuning", (), "points to prompting and retrieval instead"),
        ("fine_tuning", (Remedy.FINE_TUNING,), "A fixed rule forbids it"),
    ],
)
def test_the_request_is_answered(requested: str | None, vetoed: tuple[Remedy], part: str) -> None:
    assert part in wording.request_words(requested, "prompting+retrieval", vetoed)


def test_every_cause_mode_and_remedy_has_words() -> None:
    assert set(wording.CAUSES) == set(Cause)
    assert set(wording.MODES) == set(Mode)
    assert set(wording.REMEDIES) == set(Remedy)


def test_names_are_those_of_the_taxonomy() -> None:
    taxonomy = yaml.safe_load(TAXONOMY.read_text(encoding="utf-8"))
    shown = {**wording.CAUSES, **wording.MODES}
    names = {item["id"]: item["name"].lower() for item in taxonomy["causes"] + taxonomy["modes"]}
    assert {str(key): words for key, words in shown.items()} == names


@given(st.lists(st.text(min_size=1), min_size=1))
def test_a_listing_holds_every_word(words: list[str]) -> None:
    assert all(word in wording.listing(words) for word in words)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 49, "fewer than 50 examples"),
        (50, 199, "50 to 199 examples"),
        (2000, 10**12, "2,000 examples or more"),
        (7, 7, "7 examples"),
        (0, 2.5, "at most 2.5 examples"),
    ],
)
def test_a_stretch_of_numbers_reads_as_people_say_it(low: float, high: float, words: str) -> None:
    question = Question(
        id="labelled_examples",
        ask="How many?",
        why="",
        example="",
        section="data",
        type="number",
        unit="examples",
    )
    assert wording.stretch_words(low, high, question) == words


def test_a_veto_names_what_would_allow_the_remedy() -> None:
    tuning = Remedy.FINE_TUNING
    assert wording.forbidden(tuning) == "fine-tuning"
    assert wording.forbidden(tuning, (Remedy.RETRIEVAL,)) == "fine-tuning without retrieval"
    assert wording.forbidden(tuning, (Remedy.OTHER,), "a solver") == "fine-tuning without a solver"


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "0.00"), (7e-7, "under 0.0001"), (0.0066, "0.0066"), (0.034, "0.034"), (1250, "1,250.00")],
)
def test_prices_never_have_an_exponent(amount: float, words: str) -> None:
    assert wording.price(amount) == words
