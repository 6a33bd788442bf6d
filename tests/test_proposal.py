"""Proposals: hostile data is refused with one problem a line, fingerprints stand for content."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.proposal import (
    FAILURE_TEXT_LIMIT,
    FIELD_LIMIT,
    Draft,
    Failure,
    difference,
    parse_proposal,
)

MINIMAL = {"title": "A title", "description": "A description"}


def test_only_title_and_description_are_needed() -> None:
    assert parse_proposal(MINIMAL).failures == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"titel": "x"}, "titel"),
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"title": "a\x00b"}, "NUL byte"),
        ({"description": "x" * (FIELD_LIMIT + 1)}, "limit is 20,000"),
        ({"requested": "magic"}, "is not a remedy"),
        ({"failures": [{"input": "only this"}]}, "at least one of output, expected, note"),
        ({"failures": [{"id": "a", "note": "1"}, {"id": "a", "note": "2"}]}, "have the id 'a'"),
        ({"answers": {"n_labels": [1]}}, "answers.n_labels"),
        ({"corrections": {"f1": "nonsense"}}, "corrections.f1"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        parse_proposal({**MINIMAL, **change}, "my.yaml")
    assert all(str(problem).startswith("my.yaml") for problem in caught.value.problems)


@pytest.mark.parametrize("name", ["input", "output", "expected", "note", "context"])
def test_a_text_of_a_failure_may_be_far_longer_than_what_people_write(name: str) -> None:
    long = {"note": "x", name: "日" * FAILURE_TEXT_LIMIT}
    (failure,) = parse_proposal({**MINIMAL, "failures": [long]}).failures
    assert getattr(failure, name) == long[name]
    with pytest.raises(InputError, match=rf"failures.#1.{name}: has 1,000,001 .* 1,000,000"):
        parse_proposal({**MINIMAL, "failures": [{**long, name: long[name] + "x"}]})


def test_the_id_of_a_failure_is_no_long_text() -> None:
    with pytest.raises(InputError, match="limit is 20,000"):
        parse_proposal({**MINIMAL, "failures": [{"id": "x" * (FIELD_LIMIT + 1), "note": "x"}]})


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_proposal({"titel": 1, "requested": "x", "failures": 3})
    assert len(caught.value.problems) >= 4


def test_a_mix_is_named_in_the_fixed_order() -> None:
    parsed = parse_proposal({**MINIMAL, "requested": "fine_tuning+retrieval"})
    assert parsed.requested == "retrieval+fine_tuning"


def test_failures_without_an_id_get_one_by_place() -> None:
    parsed = parse_proposal({**MINIMAL, "failures": [{"note": "a"}, {"note": "b"}]})
    assert [failure.id for failure in parsed.failures] == ["f1", "f2"]


def test_a_given_id_that_looks_like_a_place_does_not_collide() -> None:
    parsed = parse_proposal({**MINIMAL, "failures": [{"id": "f2", "note": "a"}, {"note": "b"}]})
    assert len({failure.id for failure in parsed.failures}) == 2


def test_the_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(MINIMAL.items()))
    assert parse_proposal(MINIMAL).fingerprint == parse_proposal(turned).fingerprint


def test_the_key_of_a_failure_leaves_its_id_out() -> None:
    assert Failure(id="a", note="x").key == Failure(id="b", note="x").key


def test_a_difference_names_each_changed_path() -> None:
    old = Draft(title="a", answers={"n_labels": 3}, failures=(Failure(id="x", note="n"),))
    new = Draft(title="b", answers={"n_labels": 4})
    assert difference(old, new) == {
        "answers.n_labels": (3, 4),
        "failures.x.note": ("n", None),
        "title": ("a", "b"),
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = ["title", "description", "requested", "current", "answers", "failures", "corrections"]


@given(st.dictionaries(st.sampled_from(fields) | st.text(), json_values, max_size=5))
def test_any_data_gives_a_proposal_or_problems(data: dict[str, Any]) -> None:
    try:
        parsed = parse_proposal(data)
    except InputError as error:
        assert error.problems
    else:
        assert parse_proposal(parsed.model_dump(mode="json")).fingerprint == parsed.fingerprint
