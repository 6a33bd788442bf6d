"""Schemas read off the answers hold for them, and refuse what does not look like them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from arm_jobs import extracted, labelled
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from advisor.pilot.arms.constrained import DEPTH, derived, schema_for

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1, 1) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=25)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), min_size=1, max_size=4))
def test_every_value_it_was_read_off_follows_it(values: list[dict[str, Any]]) -> None:
    schema = derived(values, DEPTH)
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    assert all(check.is_valid(value) for value in values)


def test_what_looks_different_is_refused() -> None:
    check = Draft202012Validator(schema_for(extracted()))
    assert check.is_valid({"count": 99, "item": "tea"})
    for wrong in ({"count": "two", "item": "tea"}, {"item": "tea"}, {"count": 1, "item": "x" * 99},
                  {"count": 1, "item": "tea", "more": 1}, []):  # fmt: skip
        assert not check.is_valid(wrong), wrong


def test_a_field_with_few_values_is_a_choice() -> None:
    values = [{"kind": kind, "name": f"n{n}"} for n in range(6) for kind in ("a", "b")]
    fields = derived(values, DEPTH)["properties"]
    assert fields["kind"] == {"enum": ["a", "b"]}
    assert fields["name"]["type"] == "string"


@pytest.mark.parametrize(
    ("objects", "names"),
    [([{"b": 1, "a": 2}, {"c": 3}], ["b", "a", "c"]), ([{"b": 1}, {"a": 1, "c": 1}], list("abc"))],
)
def test_names_come_as_the_answers_have_them(objects: list[Any], names: list[str]) -> None:
    assert list(derived(objects, DEPTH)["properties"]) == names


def test_a_schema_that_is_given_is_used_and_no_json_gives_none() -> None:
    given = {"type": "object"}
    assert schema_for(extracted(schema=given)) == given
    assert schema_for(labelled()) is None
    assert json.loads(extracted().data.train[0].expected)["count"] == 0
