"""JSON and YAML from people: data, or one line that says what is wrong."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.parsing import decode, parse_json, parse_yaml
from advisor.errors import InputError

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n}', "line 2, column 1"),
        ('{"a": NaN}', "NaN, which is not a number"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": ' + "9" * 6000 + "}", "a number of 6,000 digits"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' twice in one place. Keep one"),
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ('"a\0b"', "control character at line 1"),
    ],
)
def test_json_that_nobody_means_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_json(text, "a.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", "line 1, column 5. Put quotes round a text that holds a colon"),
        ("a: @b", "put quotes round a text that starts with a sign"),
        ("a:\n\tb: c", "no tab"),
        ("a: 1\nb: 2\na: 3", "'a' stands twice in one place at line 3, column 1"),
        ("b: {a: 1, a: 2}", "stands twice"),
        ("a: &x [1]\nb: *x", "aliases .* at line 2, column 4"),
        ("a: !!python/object/apply:os.system [echo]", "tags .* at line 1"),
        ("a: !!binary aGVsbG8=", "tags"),
        ("a: 1\n---\na: 2", "a file of its own"),
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ("- " * 5_000 + "a", "nested too deeply"),
        ("[a]: b", "unhashable"),
        ("a: b\0c", "control characters"),
        ('a: "\\ud800"', "Unicode"),
    ],
)
def test_yaml_that_nobody_means_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_yaml(text, "a.yaml")


def test_a_date_in_yaml_stays_the_text_it_is() -> None:
    assert parse_yaml("a: 2026-05-03", "a.yaml") == {"a": "2026-05-03"}


def test_text_in_another_encoding_is_named_by_its_first_wrong_byte() -> None:
    with pytest.raises(InputError, match="byte 4 is 0xe9. Save it as UTF-8"):
        decode("café".encode("latin-1"), "a.json")


@given(TREES)
def test_what_was_written_is_read_back(tree: Any) -> None:
    assert parse_json(json.dumps(tree, ensure_ascii=False), "x") == tree
    assert parse_yaml(yaml.safe_dump(tree), "x") == yaml.safe_load(yaml.safe_dump(tree))


@given(st.text(st.characters()) | st.text("{}[]:,-&*!?|>'\"%@`#~ \n\tab1"))
def test_any_text_is_data_or_one_line_that_says_why_not(text: str) -> None:
    for parse in (parse_json, parse_yaml):
        try:
            parse(text, "x")
        except InputError as error:
            assert len(str(error).splitlines()) == 1
