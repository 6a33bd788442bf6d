"""Nothing in a failure breaks the features or the classifier, or holds them up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from counting import grows_less_than
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.failures.classifier import Classifier, load_classifier
from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import complaints, presence, relations
from advisor.failures.features.texts import READ, FailureText
from advisor.importing import read_failures
from advisor.proposal import FAILURE_TEXT_LIMIT, Failure

PARTS = ("input", "output", "expected", "note", "context")
LONG = 200_000
PLAIN = "What is the fee? It is 9 euros, as the page says."
BAIT = (
    *"1 - ' \" ( [ { . , : = * + _ | # ! ? \n \t \r \\ < > & % $ € “ « ` ~ ^ @ ; /".split(" "),
    *("a", "A", "z1", "a1", "A1-", "A-", "a_", "aA"),
    *("a.", "a-", "a_a", "1,", "1.", "1.1.", "1-1-", "1/1/", "$1", "2020 ", "jan ", "jan 1 "),
    *("1+", "1 + ", "1*1", "1 x 1 ", "1 * 1 = 1 ", "1 = 1 ", "12:30 "),
    *("- ", "\n\n", "\n \n", "\n- ", "\n1. ", "- a\n", "1) ", "* ", "|a|\n", "# "),
    *("f(", "f(a", "f(a=", "f(a)", "((", "))", "()", "f(a, ", '{"a":', "[[", '"name":', "```"),
    *("www.", "https://", "https://a.b/", "a@b.", "</div>", "<a ", "&amp;", "<script>"),
    *("A ", "Aa ", "a b ", "A b. ", "i can't help ", "i ", "may vary ", "not ", "has been "),
    *(
        "5 words ",
        "5 letters ",
        "exactly 5 sentences. ",
        "in 5 ",
        "one of: a, b\n",
        "labels: a, b ",
    ),
    *(
        'use the word "x" ',
        'never use the word "x" ',
        'end with "x" ',
        "what is the a ",
        "in French ",
    ),
    *("Context: a\n\n", "Question: a\n", "context ", "Q: ", '"a', '"a" ', "“a”", "et al ", "v1.2 "),
    *(
        "日",
        "あ。",
        "한 ",
        "ا ",
        "ש",
        "👍",
        "👍🏽‍",
        "é",
        "e\u0301",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\xa0",
    ),
    *("\x01", "\x0b", "\x1c", "\x85", "\u2028", "ß", "İ", "ſ", "K", "\ufffd", "𝔘", "１", "²"),
)
"""Runs that patterns repeat, and signs that are more than one thing."""


def case(**parts: str) -> FailureCase:
    return FailureCase(**{part: FailureText(parts.get(part, "")) for part in PARTS})


def checked(*cases: FailureCase) -> None:
    values = relations(cases)
    assert np.isfinite(values).all()
    assert values.min(initial=0) >= 0
    assert values.max(initial=0) <= 1.5
    assert np.isfinite(complaints(cases)).all()
    assert np.isfinite(presence(cases)).all()


def features(**parts: str) -> Callable[[], None]:
    """What works out the features of a failure anew; a case remembers what it worked out."""
    return lambda: checked(case(**parts))


def one_part(bait: str, length: int) -> Callable[[], None]:
    run = (bait * length)[: length - 9]
    return features(input=PLAIN, output=f"x{run}y", expected=PLAIN, note=PLAIN)


def all_parts(bait: str, length: int) -> Callable[[], None]:
    return features(**dict.fromkeys(PARTS, f"f({(bait * length)[: length - 9]}_"))


@pytest.mark.parametrize("parts", [one_part, all_parts])
@pytest.mark.parametrize("bait", BAIT, ids=ascii)
def test_the_features_cost_no_more_than_a_run_of_signs_is_long(
    bait: str, parts: Callable[[str, int], Callable[[], None]]
) -> None:
    """Eight times as long costs eight times as much; were it the square, it would be 64."""
    assert grows_less_than(12, parts(bait, READ // 8), parts(bait, READ))


@pytest.mark.parametrize(
    "bait", ["word ", "1 + 1 = 2. ", "\n- Item A-1 ", "日本語。", '{"a": [1, ']
)
def test_two_hundred_thousand_characters_take_no_longer(bait: str) -> None:
    text = (bait * LONG)[:LONG]
    for parts in ({"input": PLAIN, "output": text}, dict.fromkeys(PARTS, text)):
        cut = {name: words[:READ] for name, words in parts.items()}
        assert grows_less_than(3, features(**cut), features(**parts))


SIGNS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80)
PIECES = st.lists(st.sampled_from(BAIT) | SIGNS, max_size=12).map("".join)
NESTED = st.integers(1, 900).flatmap(
    lambda depth: st.sampled_from(["[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth])
)
ANSWERS = PIECES | NESTED | st.sampled_from(["", " ", "a", "0", "-", "\n", "👍", "\u202e", "null"])
FIELDS = st.fixed_dictionaries({}, optional={part: ANSWERS for part in PARTS})


@given(FIELDS)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_any_texts_give_finite_features(fields: dict[str, str]) -> None:
    checked(case(**fields))


@given(st.text(st.characters(categories=("Cs", "Cc", "L")), max_size=40))
@settings(deadline=None, max_examples=50)
def test_halves_of_pairs_and_control_characters_give_finite_features(text: str) -> None:
    checked(case(input=text, output=text[::-1], expected=text, note=text, context=text))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


def sure(classifier: Classifier, *failures: Failure) -> None:
    for reading in classifier.read(failures):
        chances = np.array(list(reading.probabilities.values()))
        assert np.isfinite(chances).all()
        assert chances.min() >= 0
        assert chances.sum() == pytest.approx(1, abs=1e-9)
        assert reading.mode in reading.probabilities
        reading.why.encode()


@given(st.lists(FIELDS, min_size=1, max_size=6))
@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
def test_any_failure_gets_probabilities_that_sum_to_one(
    classifier: Classifier, rows: list[dict[str, str]]
) -> None:
    told = [{**row, "output": row.get("output", "").strip() or "x"} for row in rows]
    sure(classifier, *(Failure(**row) for row in told))


def test_the_strangest_answers_are_read(classifier: Classifier) -> None:
    texts = [bait * 40 for bait in BAIT if (bait * 40).strip()] + ["a", "0", "👍", "[" * 900]
    sure(
        classifier, *(Failure(input=text, output=text[::-1], expected=text) for text in texts[::3])
    )
    sure(classifier, *(Failure(output=text) for text in texts[1::3]))
    sure(classifier, *(Failure(note=text, context=text) for text in texts[2::3]))


def test_no_failures_give_no_readings(classifier: Classifier) -> None:
    assert classifier.read(()) == ()


def test_a_long_answer_is_read_and_one_over_the_limit_is_listed_with_its_length() -> None:
    texts = ("x" * LONG, "y" * (FAILURE_TEXT_LIMIT + 1), "fine")
    data = "".join(f'{{"output": "{text}"}}\n' for text in texts).encode()
    found = read_failures("a.jsonl", data)
    assert [len(one.output or "") for one in found.failures] == [LONG, 4]
    assert f"{FAILURE_TEXT_LIMIT + 1:,} characters" in found.rejected[0].reason


def test_binary_is_refused_and_mixed_encodings_are_read() -> None:
    with pytest.raises(InputError, match="does not hold text"):
        read_failures("a.csv", bytes(range(256)) * 40)
    mixed = "output\ncafé\n".encode() + "naïve\n".encode("latin-1") + "日本\n".encode()
    assert len(read_failures("a.csv", mixed).failures) == 3
