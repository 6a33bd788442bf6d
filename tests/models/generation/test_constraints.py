"""Answers held to a form always have it, whatever the model would rather say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from advisor.errors import InputError
from advisor.models.base import LoadedModel
from advisor.models.endpoint import Message
from advisor.models.generation import AnswerForm, Written, write
from advisor.models.generation.token_rows import TokenRows

ASKED = [[Message("user", text)] for text in ("card", "a refund, please", "where is my money?")]


def held(base: LoadedModel, form: AnswerForm, most: int = 12, **more: Any) -> list[Written]:
    found = dict(write(base, ASKED, max_new_tokens=most, form=form, **more))
    return [found[place] for place in range(len(ASKED))]


SIMPLE = st.sampled_from([
    {"type": "string"},
    {"type": "string", "minLength": 3, "maxLength": 9},
    {"type": "string", "pattern": "^[a-f]{2}-\\d+$"},
    {"type": "integer", "minimum": -5, "maximum": 70},
    {"type": "number"},
    {"type": "boolean"},
    {"enum": ["card", "payment", 3, None]},
    {"const": {"fixed": [1, 2]}},
    {"type": ["string", "null"]},
])
SCHEMAS = st.recursive(
    SIMPLE,
    lambda inner: (
        st.builds(
            lambda fields, more: {
                "type": "object",
                "properties": fields,
                "required": sorted(fields)[: len(fields) // 2 + 1],
                "additionalProperties": more,
            },
            st.dictionaries(st.sampled_from(["name", "a b", "é\"\\", "n"]), inner, min_size=1),
            st.booleans(),
        )
        | st.builds(
            lambda items, least: {"type": "array", "items": items, "minItems": least},
            inner,
            st.integers(0, 2),
        )
        | st.builds(lambda one: {"anyOf": [one, {"type": "null"}]}, inner)
    ),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=40)
@given(schema=SCHEMAS, most=st.sampled_from([1, 8, 40]), drawn=st.booleans())
def test_a_random_model_writes_what_the_schema_allows(
    tiny: LoadedModel, schema: dict[str, Any], most: int, drawn: bool
) -> None:
    for one in held(tiny, AnswerForm.schema(schema), most, temperature=2.0 if drawn else 0.0):
        Draft202012Validator(schema).validate(json.loads(one.text))


@given(
    labels=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1),
    most=st.sampled_from([1, 3, 50]),
)
@settings(max_examples=25)
def test_a_random_model_names_one_of_the_labels(
    tiny: LoadedModel, labels: list[str], most: int
) -> None:
    assert {one.text for one in held(tiny, AnswerForm.labels(labels), most)} <= set(labels)


@pytest.mark.parametrize(
    "pattern", [r"[a-c]{3,9}", r"[0-9]+(\.[0-9]+)? (EUR|USD)", "(ab)+c", "é*x", "ok"]
)
def test_a_random_model_writes_what_an_expression_matches(tiny: LoadedModel, pattern: str) -> None:
    for one in held(tiny, AnswerForm.regex(pattern)):
        assert re.fullmatch(pattern, one.text)


def test_what_is_forced_costs_no_step(tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    feed = TokenRows.feed

    def counted(self: TokenRows, tokens: Any) -> Any:
        steps.append(max(map(len, tokens)))
        return feed(self, tokens)

    monkeypatch.setattr(TokenRows, "feed", counted)
    names = {"first long name": {"enum": ["yes", "no"]}, "second long name": {"enum": [1, 2]}}
    schema = {"type": "object", "properties": names, "required": list(names)}
    found = held(tiny, AnswerForm.schema(schema | {"additionalProperties": False}), 60)
    assert json.loads(found[0].text).keys() == names.keys()
    assert found[0].tokens_out > 20
    assert len(steps) < 8


def test_the_form_is_kept_beside_the_likeliest_words(smol: LoadedModel) -> None:
    asked = [[Message("user", "Is Paris the capital of France? Answer yes or no.")]]
    ((_, found),) = write(
        smol, asked, max_new_tokens=5, form=AnswerForm.labels(["no", "Yes", "yes"])
    )
    assert found.text.lower() == "yes"
    assert not found.cut


@pytest.mark.parametrize(
    ("schema", "what"),
    [
        ({"type": "integer", "minimum": 5, "maximum": 3}, "minimum .5. is greater than maximum"),
        ({"enum": []}, "is empty"),
        ({"type": "nosuch"}, "nosuch"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"$ref": "https://example.org/schema"}, "not"),
        ({"type": "string", "pattern": "(x"}, "unclosed group"),
        ({"type": "object", "required": ["b"], "additionalProperties": False}, "'b'"),
    ],
)
def test_a_schema_that_cannot_be_held_to_is_refused(schema: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=f"schema: cannot be held to: .*{what}") as refused:
        AnswerForm.schema(schema)
    assert "\n" not in str(refused.value)


def test_a_form_that_nothing_has_is_refused(tiny: LoadedModel) -> None:
    with pytest.raises(InputError, match="regex: cannot be held to: .*unclosed group"):
        AnswerForm.regex("(a")
    with pytest.raises(InputError, match="no text fits"):
        held(tiny, AnswerForm.regex(r"[^\s\S]"))
    for labels in ([], ["a", ""]):
        with pytest.raises(InputError, match="labels: is empty"):
            AnswerForm.labels(labels)
