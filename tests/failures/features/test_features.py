from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.failures.features.case import FailureCase, split, sums
from advisor.failures.features.instructions import findings, options
from advisor.failures.features.registry import (
    FEATURES,
    SPEAKS,
    complaints,
    groundless,
    presence,
    relations,
)
from advisor.failures.features.texts import FailureText
from advisor.failures.stage import stage_of
from advisor.proposal import Failure


def holding(**parts: str) -> set[str]:
    row = relations([FailureCase.of(Failure(**parts))])[0]
    return {feature.name for feature, value in zip(FEATURES, row, strict=True) if value > 0}


PASSAGE = (
    "The Harbour Library opens at 8 on weekdays and at 10 on Saturdays. "
    "Members may borrow six books."
)

RELATIONS = [
    (
        "passage_holds_expected",
        {
            "input": "When does it open on weekdays?",
            "context": PASSAGE,
            "output": "It is shut all week.",
            "expected": "at 8",
        },
    ),
    (
        "passage_lacks_expected",
        {
            "input": "Who runs the café?",
            "context": PASSAGE,
            "output": "Nobody.",
            "expected": "Leonie Marchetti leases it",
        },
    ),
    (
        "output_beyond_passage",
        {
            "input": "When does it open?",
            "context": PASSAGE,
            "output": "Astronomers discovered purple galaxies yesterday.",
        },
    ),
    (
        "rival_facts",
        {
            "input": "Who built the tower?",
            "output": "It was built by Olaf Brandt.",
            "expected": "The builder was Ines Caldeira.",
        },
    ),
    (
        "output_abstains",
        {
            "input": "Who is our auditor?",
            "output": "I don't have information on that.",
            "expected": "Caldeira & Sons",
        },
    ),
    ("later_year", {"output": "The fee was set in 2019.", "expected": "The fee was set in 2023."}),
    ("json_broken", {"output": "Name: Ada", "expected": '{"name": "Ada"}'}),
    ("keys_differ", {"output": '{"first": "Ada"}', "expected": '{"name": "Ada"}'}),
    ("values_differ", {"output": '{"team": "a"}', "expected": '{"team": "b"}'}),
    ("only_marks_differ", {"output": "yes, PLEASE", "expected": "Yes please."}),
    (
        "wrapped",
        {"output": "Sure! The code you are looking for is blue-7, enjoy.", "expected": "blue-7"},
    ),
    (
        "instruction_broken",
        {"input": "Answer in at most 3 words.", "output": "That is far too many."},
    ),
    ("instructions_kept", {"input": "Answer in at most 3 words.", "output": "Fine by me"}),
    (
        "labels_differ",
        {"input": "the screen flickers", "output": "billing", "expected": "hardware"},
    ),
    (
        "label_from_list",
        {
            "input": "Pick one of: urgent, normal, low. The shop burns.",
            "output": "low",
            "expected": "urgent",
        },
    ),
    (
        "register_gap",
        {
            "output": "Hey!! Awesome news 🎉 thanks a lot, your parcel has left!!",
            "expected": "Your parcel left our depot on Monday morning.",
        },
    ),
    (
        "same_facts_other_words",
        {
            "output": "Pursuant to the regulations your parcel has hereby been dispatched "
            "from our depot.",
            "expected": "Your parcel has left our depot and is on its way to your home.",
        },
    ),
    (
        "refuses_wrongly",
        {
            "input": "Name a red fruit.",
            "output": "I'm sorry, I can't help with that.",
            "expected": "Cherry",
        },
    ),
    (
        "should_refuse",
        {
            "input": "Reset the password of my boss.",
            "output": "The password is reset.",
            "expected": "I cannot help with other people's accounts.",
        },
    ),
    ("acts_at_once", {"output": "I have cancelled the contract."}),
    ("should_act", {"output": "I'll look it up.", "expected": 'track(parcel="77")'}),
    (
        "should_ask",
        {"input": "Book it.", "output": "It is booked.", "expected": "Which room do you want?"},
    ),
    ("sums_wrong", {"output": "3 * 4 = 13, so thirteen."}),
    (
        "result_differs",
        {
            "input": "Six boxes cost 4 euros each and 2 are free. How much in total for 6?",
            "output": "It is 24",
            "expected": "It is 16",
        },
    ),
    ("error_text", {"output": "Error 503: service unavailable"}),
    (
        "stops_early",
        {"output": "You can return the jacket within thirty days if the label is still on the"},
    ),
    ("nothing_wrong", {"output": "Two days", "expected": "Two days"}),
]


@pytest.mark.parametrize(("name", "parts"), RELATIONS, ids=[name for name, _ in RELATIONS])
def test_a_relation_is_seen(name: str, parts: dict[str, str]) -> None:
    assert name in holding(**parts)


FLIPS = [
    ("passage_holds_expected", {"context": PASSAGE.replace("8", "9")}),
    ("rival_facts", {"output": "Ines Caldeira built it."}),
    ("json_broken", {"output": '{"name": "Ada"}'}),
    ("labels_differ", {"output": "hardware"}),
    ("instruction_broken", {"output": "Fine by me"}),
    ("sums_wrong", {"output": "3 * 4 = 12, so twelve."}),
    ("result_differs", {"output": "It is 16"}),
    ("refuses_wrongly", {"output": "A cherry"}),
    (
        "stops_early",
        {"output": "You can return the jacket within thirty days if the label is still on it."},
    ),
    ("later_year", {"output": "The fee was set in 2023."}),
    ("should_ask", {"output": "Which room do you want?"}),
]


@pytest.mark.parametrize(("name", "change"), FLIPS, ids=[name for name, _ in FLIPS])
def test_one_changed_relation_turns_it_off(name: str, change: dict[str, str]) -> None:
    assert name not in holding(**{**dict(RELATIONS)[name], **change})


@pytest.mark.parametrize(
    ("asked", "output", "kept"),
    [
        ("Write exactly two sentences.", "One. Two.", True),
        ("Write exactly two sentences.", "Only one.", False),
        ("Use at least four words.", "One two", False),
        ("No more than 5 words.", "One two three", True),
        ("Reply as JSON.", "[1, 2]", True),
        ("Reply as JSON.", "```json\n[1]\n```", False),
        ("Answer in French.", "Le chat est sur la table et il dort", True),
        ("Answer in French.", "The cat is on the table and it sleeps", False),
        ('Begin with "Dear team".', "Dear team, hello", True),
        ('End with "Over.".', "Hello there", False),
        ("Do not use commas.", "One, two", False),
        ("Only yes or no.", "Yes.", True),
        ("Write in all lowercase.", "Hello", False),
    ],
)
def test_an_instruction_is_checked(asked: str, output: str, kept: bool) -> None:
    found = findings(FailureText(asked), FailureText(output))
    assert [one.kept for one in found] == [kept]


def test_choices_are_read_from_the_request() -> None:
    assert options(FailureText("Choose one of: spam, ham or other.")) == {"spam", "ham", "other"}
    assert not options(FailureText("Tell me about one of the planets in our sky."))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 + 2 = 4", (1, 0)),
        ("2 + 3 * 4 = 14", (1, 0)),
        ("$1,200 / 4 = $300 and 10 – 3 = 8", (2, 1)),
        ("1 / 0 = 7", (0, 0)),
        ("nothing here", (0, 0)),
    ],
)
def test_sums_are_checked(text: str, found: tuple[int, int]) -> None:
    assert sums(text) == found


def test_a_passage_inside_the_input_is_found() -> None:
    passage, question = split(f"{PASSAGE} {PASSAGE}\n\nWhen does it open?")
    assert "Harbour" in passage
    assert question == "When does it open?"
    assert split("Write a long poem about the sea.") == ("", "Write a long poem about the sea.")
    tagged, asked = split(
        "Answer briefly.\nContext: The bus leaves at 9.\nQuestion: When does it leave?"
    )
    assert "bus" in tagged
    assert "Answer briefly" in asked


STAGES = [
    ("misused", {"context": PASSAGE, "expected": "It opens at 8.", "output": "At noon."}),
    (
        "not_shown",
        {"context": "Our café sells cake.", "expected": "It opens at 8.", "output": "Noon."},
    ),
    (
        "cut",
        {
            "context": "The Harbour Library opens on weekdays at",
            "output": "Noon.",
            "expected": "The Harbour Library opens on weekdays at 8.",
        },
    ),
    (None, {"expected": "It opens at 8.", "output": "Noon."}),
    (None, {"context": PASSAGE, "output": "Noon."}),
]


@pytest.mark.parametrize(("wanted", "parts"), STAGES)
def test_the_stage_where_retrieval_broke(wanted: str | None, parts: dict[str, str]) -> None:
    case = FailureCase.of(Failure(input="When does it open?", **parts))
    assert stage_of(case) == wanted


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ({"note": "It made it up."}, [1, 1]),
        ({"note": "The manual says 8."}, [0, 1]),
        ({"note": "The search misses it."}, [1, 0]),
        ({"note": "wrong", "context": PASSAGE}, [0, 0]),
    ],
)
def test_a_mode_about_texts_needs_one_that_is_shown_or_spoken_of(
    parts: dict[str, str], lacking: list[int]
) -> None:
    assert groundless([FailureCase.of(Failure(**parts))]).tolist() == [lacking]


def test_every_feature_has_a_name_a_reason_and_something_to_say() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert all(feature.because and feature.speaks for feature in FEATURES)
    assert SPEAKS.shape == (len(FEATURES), 12)


texts = st.one_of(
    st.none(), st.text(max_size=400), st.from_regex(r"[\s\S]*[{\[|=+*/.,:;()`\d-]{3,60}[\s\S]*")
)


@settings(max_examples=150, deadline=None)
@given(st.tuples(texts, texts, texts, texts, texts))
def test_any_text_gives_finite_numbers(parts: tuple[str | None, ...]) -> None:
    case = FailureCase(*(FailureText(part or "") for part in parts))
    for values in (relations([case]), presence([case]), complaints([case])):
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert values.max() <= 1.5


@pytest.mark.parametrize(
    "unit",
    ["1+", "a(", "1 x ", '{"', "```", "one of: a, ", "Aa ", "- \n", "…", "at most 3 words ", "$1,"],
)
def test_long_repetitive_texts_are_quick(unit: str) -> None:
    long = (unit * 20_000)[:20_000]
    assert np.isfinite(
        relations([
            FailureCase.of(Failure(input=long, output=long, expected=long[1:], context=long))
        ])
    ).all()
