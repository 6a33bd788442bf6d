"""What each metric counts as right, and what no answer can do to it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Metric, Spec
from advisor.pilot.metrics import METRICS, Answered, definition_of, score

ALONE = [one.name for one in METRICS if one.name is not Metric.JUDGE]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}


def spec(metric: str, task: str = "generation", **more: Any) -> Spec:
    scoring = {"metric": metric} | {
        name: more.pop(name) for name in ("pattern", "tolerance", "style") if name in more
    }
    given_ = {"title": "t", "task": task, "instruction": "i", "scoring": scoring}
    return Spec.model_validate(given_ | more)


def case(expected: str) -> Case:
    return Case(id="c", input="q", expected=expected)


def one(spec_: Spec, text: str, expected: str) -> float | None:
    return score(spec_, [Answered(text, case(expected))])[0]


def test_every_metric_of_the_specification_has_a_record() -> None:
    assert [each.name for each in METRICS] == list(Metric)
    assert all(each.title and each.what.endswith(".") for each in METRICS)


@pytest.mark.parametrize(
    ("task", "text", "expected", "right"),
    [
        ("classification", " card_arrival \nBecause it …", "card_arrival", 1),
        ("classification", "\n\ncard_arrival", "card_arrival", 1),
        ("classification", "card_arrival.", "card_arrival", 0),
        ("classification", "Card_arrival", "card_arrival", 0),
        ("generation", "Dear  Ann,\nall is well.", "Dear Ann, all is well.", 1),
        ("generation", "Dear Ann,\nall is well.\nPS", "Dear Ann,\nall is well.", 0),
        ("extraction", '{"b": 1, "a": [2]}', '{"a": [2], "b": 1.0}', 1),
        ("extraction", '{"a": [2, 1]}', '{"a": [1, 2]}', 0),
        ("extraction", "none", "none", 1),
    ],
)
def test_exact(task: str, text: str, expected: str, right: float) -> None:
    assert one(spec("exact", task), text, expected) == right


def test_macro_f1_counts_rare_labels_as_much_as_common_ones() -> None:
    said = [("a", "a")] * 8 + [("a", "b"), ("b", "b")]
    aggregate = definition_of(Metric.MACRO_F1).aggregate
    assert aggregate is not None
    found = aggregate([Answered(text, case(expected)) for text, expected in said])
    assert found == pytest.approx(((16 / 17) + (2 / 3)) / 2)


@pytest.mark.parametrize(
    ("text", "valid", "f1"),
    [
        ('{"a": 5, "b": {"c": "The Red House"}}', 1, 1.0),
        ('{"b": {"c": "red house"}, "a": "5.0"}', 1, 1.0),
        ('Sure: {"a": 5, "b": {"c": "red house"}}. Anything else?', 0, 1.0),
        ('```json\n{"a": 5, "b": {"c": "red house"}}\n```', 0, 1.0),
        ('{"a": 5, "b": {"c": "red house"}}{"a": 7}', 0, 1.0),
        ('{"a": 5}', 1, 2 / 3),
        ('{"a": 5, "b": {"c": "red house", "d": null}, "e": []}', 1, 1.0),
        ('{"a": -5, "b": {"c": "red house"}}', 1, 0.5),
        ('{"a": NaN}', 0, 0.0),
        ('{"a": 5', 0, 0.0),
        ("no idea", 0, 0.0),
        ("", 0, 0.0),
    ],
)
def test_json(text: str, valid: float, f1: float) -> None:
    wanted = '{"a": 5, "b": {"c": "red house"}}'
    assert one(spec("json_valid", "extraction"), text, wanted) == valid
    assert one(spec("json_f1", "extraction"), text, wanted) == pytest.approx(f1)


def test_fields_cannot_be_compared_where_none_are_wanted() -> None:
    assert one(spec("json_f1", "extraction"), "{}", "just text") is None


@pytest.mark.parametrize(
    ("text", "right"),
    [('{"a": 1}', 1), ('{"a": "1"}', 0), ('{"a": 1, "b": 2}', 0), ("a", 0), ('x {"a": 1}', 0)],
)
def test_schema(text: str, right: float) -> None:
    assert one(spec("schema", "extraction", schema=SCHEMA), text, "{}") == right


SLOW, ENDLESS = "^(a+)+$", "(a+)+(b|c)"


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"properties": {"x": {"pattern": SLOW}}}, 0),
        ({"patternProperties": {SLOW: {"type": "string"}}}, 1),
        ({"patternProperties": {SLOW: True}, "additionalProperties": False}, 0),
        ({"properties": {"y": {"pattern": ENDLESS}}}, None),
        ({"$ref": "https://example.org/none.json"}, None),
        ({"$ref": "#/$defs/none"}, None),
    ],
)
def test_no_schema_hangs_or_fetches(schema: dict[str, Any], found: float | None) -> None:
    bad = "a" * 60 + "!"
    text = json.dumps({"x": bad, "y": "a" * 20_000, bad: 1})
    assert one(spec("schema", "extraction", schema=schema), text, "{}") == found


def test_a_schema_that_refers_to_itself_ends() -> None:
    looping = {"$ref": "#"}
    tree = {"type": "object", "additionalProperties": {"$ref": "#"}}
    assert one(spec("schema", "extraction", schema=looping), "{}", "{}") == 0
    assert one(spec("schema", "extraction", schema=tree), '{"a": {"b": {}}}', "{}") == 1


def test_overlap_of_words() -> None:
    said, wanted = "a cat sat on the mat today", "The cat lay on a mat"
    assert one(spec("token_f1"), said, wanted) == pytest.approx(6 / 9)
    assert one(spec("rouge_l"), said, wanted) == pytest.approx(6 / 9)
    assert one(spec("rouge_l_recall"), said, wanted) == pytest.approx(3 / 4)
    assert one(spec("rouge_l"), "mat on cat", "cat on mat") == pytest.approx(1 / 3)
    assert one(spec("token_f1"), "東京です", "東京") == pytest.approx(2 * 2 / 6)


def test_a_wanted_text_without_words_is_not_met_by_any_other() -> None:
    assert one(spec("token_f1"), "???", "!!!") == 0
    assert one(spec("token_f1"), "!!!", "!!!") == 1


def test_letters_in_common_forgive_endings() -> None:
    near, far = (
        one(spec("chrf"), text, "The houses were sold") for text in ("the house was sold", "no")
    )
    assert near is not None and far is not None and 0.4 < near < 1 and far < 0.1


def test_pattern_holds_from_end_to_end_and_is_broken_off() -> None:
    order = spec("regex", pattern=r"[A-Z]{2}-\d{4}")
    assert one(order, " AB-1234\n", "x") == 1
    assert one(order, "It is AB-1234", "x") == 0
    assert one(spec("regex", pattern=r"(a+)+(b|c)"), "a" * 20_000, "x") is None


@pytest.mark.parametrize(
    ("text", "wanted", "right"),
    [
        ("The total is 1,234.50 euros.", "1234.5", 1),
        ("Es sind 1.234,50 €", "1234.5", 1),
        ("1 234,5", "1,234.5", 1),
        ("1'234'567", "1234567", 1),
        ("12,34,567.00", "1234567", 1),
        ("$1.2 million", "1,200,000", 1),
        ("1.2bn", "1.2 million", 0),
        ("$1,577 million in 2018", "1577.00", 1),
        ("12 %", "0.12", 1),
        ("12 percent", "12", 1),
        ("12%", "0.12%", 0),
        ("-5", "5", 0),
        ("It fell to −5 degrees", "-5", 1),
        ("between 10-20", "20", 1),
        ("COVID-19 cases: 40", "40", 1),
        ("version 2", "3", 0),
        ("none", "3", 0),
        ("1, 2, 3, 4, 5, 6, 7, 8, 9", "3", 0),
        ("3 of 7", "7 and 3", 1),
        (".5", "0.5", 1),
        ("5", "five", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, wanted: str, right: float | None) -> None:
    assert one(spec("number"), text, wanted) == right


def test_tolerance_is_relative_to_the_wanted_number() -> None:
    assert one(spec("number", tolerance=0.01), "101", "100") == 1
    assert one(spec("number", tolerance=0.01), "102", "100") == 0
    assert one(spec("number", tolerance=0.01), "0.001", "0") == 0


def test_style_wants_every_check_to_hold() -> None:
    style = {"max_words": 5, "min_words": 2, "must_contain": ["Dear"], "must_not_contain": ["!"]}
    checks = spec("style", style=style)
    assert one(checks, "dear Ann, welcome", "x") == 1
    for text in ("dear", "dear one two three four five", "hello Ann", "dear Ann!"):
        assert one(checks, text, "x") == 0


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet='{}[]":,0123456789.eE+-\\ \n\x00\ud800', max_size=60),
    st.sampled_from([
        "[" * 50_000,
        '{"a":' * 50_000,
        "9" * 20_000,
        "1e999",
        "a " * 3_000,
        "\ud800",
        "a" * 5_000,
    ]),
)
MADE = {
    name: spec(
        name,
        "classification" if name == "macro_f1" else "extraction",
        pattern="(a|aa)+",
        schema=SCHEMA,
        style={"max_words": 3},
    )
    for name in ALONE
}


@given(HOSTILE, HOSTILE.filter(bool))
def test_no_text_crashes_a_metric_or_leaves_its_range(text: str, expected: str) -> None:
    wanted = Case.model_construct(id="c", input="q", expected=expected)
    for name in ALONE:
        (found,) = score(MADE[name], [Answered(text, wanted)])
        assert found is None or 0 <= found <= 1, name


COMPARING = [
    "exact",
    "macro_f1",
    "json_f1",
    "token_f1",
    "rouge_l",
    "rouge_l_recall",
    "chrf",
    "number",
]


@given(st.text(min_size=1, max_size=80))
def test_the_wanted_answer_itself_is_right(expected: str) -> None:
    for name in COMPARING:
        assert one(MADE[name], expected, expected) in {1.0, None}, name


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


def shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        names = rng.sample(sorted(value), len(value))
        return {name: shuffled(value[name], rng) for name in names}
    return [shuffled(inner, rng) for inner in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(value: dict[str, Any], rng: random.Random) -> None:
    expected, text = json.dumps(value), json.dumps(shuffled(value, rng), indent=2)
    for name in ("exact", "json_f1", "json_valid"):
        assert one(MADE[name], text, expected) == 1.0, name
