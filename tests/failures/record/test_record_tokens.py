from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.failures.features.case import FailureCase
from advisor.failures.record.tokens import END, MOST, RECORD_PARTS, pieces, rows_of, shared_out
from advisor.proposal import Failure

NAMES = [part.name for part in RECORD_PARTS]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1).filter(
    lambda text: bool(text.strip())
)
SIZES = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3_000))


def row(**parts: str) -> list[int]:
    return rows_of([FailureCase.of(Failure(**parts))])[0].ids


@given(SIZES)
def test_no_more_tokens_are_given_out_than_there_are(sizes: dict[str, int]) -> None:
    got = shared_out(sizes)
    assert sum(got.values()) <= MOST
    assert all(0 <= got[name] <= sizes.get(name, 0) for name in NAMES)


@given(SIZES)
def test_nothing_is_cut_while_there_is_room(sizes: dict[str, int]) -> None:
    if sum(sizes.values()) <= MOST:
        assert {name: size for name, size in shared_out(sizes).items() if size} == {
            name: size for name, size in sizes.items() if size
        }


def test_a_part_that_alone_is_there_gets_all_the_room() -> None:
    assert shared_out({"note": 5_000})["note"] == MOST


def test_both_ends_of_a_long_answer_are_read() -> None:
    ids = row(
        input="Explain.", output=f"Begin {'so it went on ' * 400} and finally zebra", note="?"
    )
    assert set(pieces("begin")) <= set(ids)
    assert set(pieces("zebra")) <= set(ids)
    assert set(pieces("...")) <= set(ids)


def test_every_token_knows_its_part_and_the_marks_stand_in_order() -> None:
    (made,) = rows_of([FailureCase.of(Failure(note="slow", input="Sum it up", output="No."))])
    assert len(made.ids) == len(made.parts)
    assert sorted(made.parts) == made.parts
    assert [NAMES[place - 1] for place in sorted(set(made.parts) - {0})] == [
        "input", "output", "note",
    ]  # fmt: skip
    assert made.ids.count(END) == 3


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_any_text_makes_a_row(output: str, note: str) -> None:
    failure = Failure(output=output, note=note)
    (made,) = rows_of([FailureCase.of(failure)])
    assert len(made.ids) <= MOST + 40
