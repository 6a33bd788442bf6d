"""What pydantic refuses, said so that a product owner can mend it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.proposal import parse_proposal

NEEDED = {"title": "t", "description": "d"}


def said(data: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_proposal(data, "p")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"title": 5}, "p.title: is a number; a text is wanted. Put quotes round it"),
        ({"title": True}, "p.title: is yes or no; a text is wanted. Put quotes round it"),
        ({"title": None}, "p.title: is nothing; a text is wanted. Write it as one text"),
        ({"title": "  "}, "p.title: is empty. Write a text"),
        ({"title": "\ud800"}, "p.title: holds half of a surrogate pair. Save the file as UTF-8"),
        ({"failurs": []}, "p.failurs: there is no such field. Did you mean 'failures'?"),
        (
            {"current": {"modl": "x"}},
            "p.current.modl: there is no such field. Did you mean 'model'?",
        ),
        (
            {"current": "gpt"},
            'p.current: is a text; a group of fields is wanted. Write it like {"model": "…"}',
        ),
        (
            {"failures": {}},
            'p.failures: is a group of fields; a list is wanted. Write it like [{"output": "…"}]',
        ),
        (
            {"failures": [{"note": "n"}, {"input": "only"}]},
            "p.failures.#2: give at least one of output, expected, note.",
        ),
        (
            {"answers": {"regulated": {"a": 1}}},
            "p.answers.regulated: is a group of fields; no question takes that. "
            "Use yes or no, a number, a text, or null",
        ),
        (
            {"answers": {"n_labels": float("inf")}},
            "p.answers.n_labels: is a number without end; no question takes that. "
            "Use yes or no, a number, a text, or null",
        ),
        ({"answers": {7: True}}, "p.answers.7: is a number; a text is wanted. Put quotes round it"),
        ({7: "x"}, "p.7: has a name that is not a text. Put quotes round the name"),
    ],
)
def test_each_place_gets_one_plain_line(change: dict[Any, Any], line: str) -> None:
    assert said({**NEEDED, **change}) == [line]


def test_what_is_missing_is_named() -> None:
    assert said({}) == ["p.description: is missing. Add it", "p.title: is missing. Add it"]


@given(
    st.dictionaries(
        st.sampled_from([*NEEDED, "requested", "current", "answers", "failures", "corrections"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda parts: (
                st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_nothing_of_the_machinery_is_ever_said(data: dict[str, Any]) -> None:
    try:
        parse_proposal(data, "p")
    except InputError as error:
        lines = [f"{problem.what} {problem.mend}" for problem in error.problems]
        for word in ("valid", "dict", "tuple", "instance", "Input should", "None", "pydantic"):
            assert not any(word in line for line in lines if "is not a remedy" not in line)
