"""Search by meaning and by words: found, deterministic, and it can be stopped."""

from __future__ import annotations

from arm_jobs import FACTS, asked, labelled
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.models.encoder import load_encoder
from advisor.pilot.retrieving.hybrid_search import STEP, Index
from advisor.pilot.retrieving.lookup import (
    SearchWatch,
    diverse,
    hit_rate,
    nearest_documents,
    nearest_examples,
)

TEXTS = (
    "Invoices are sent on the first of each month.",
    "Error E-4711 means that the pump is blocked.",
    "Our offices are closed on public holidays.",
    "東京の本社は月曜日に休みです。",
)


def found(question: str, many: int = 1) -> tuple[int, ...]:
    (places,) = Index(TEXTS, load_encoder()).search([question], many)
    return places


def test_the_same_meaning_in_other_words_is_found() -> None:
    assert found("When do you send the bill?") == (0,)
    assert found("Do you work at Christmas?") == (2,)


def test_a_rare_word_is_found() -> None:
    assert found("E-4711") == (1,)
    assert found("本社") == (3,)


@settings(max_examples=20)
@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=30), st.integers(1, 8))
def test_any_texts_can_be_searched_and_the_same_comes_again(
    texts: list[str], question: str, many: int
) -> None:
    one, two = (list(Index(texts, load_encoder()).search([question], many)) for _ in range(2))
    assert one == two
    assert len(set(one[0])) == len(one[0]) == min(many, len(texts))


def test_equal_texts_come_in_their_order() -> None:
    (places,) = Index(["same words"] * 5, load_encoder()).search(["same words"], 3)
    assert places == (0, 1, 2)


def test_documents_that_hold_the_answer_are_found() -> None:
    pilot = asked()
    cases = pilot.data.train + pilot.data.test
    shown = nearest_documents(pilot.data.documents, cases, 1)
    assert [one.id for (one,) in shown] == list(FACTS)
    assert hit_rate(cases, shown) == 1
    assert hit_rate(cases, [(pilot.data.documents[0],)] * len(cases)) == 1 / len(FACTS)
    assert hit_rate(labelled().data.test, []) is None


def test_an_example_is_not_shown_for_itself() -> None:
    train = labelled().data.train
    shown = nearest_examples(train, train, 3)
    assert all(case not in near for case, near in zip(train, shown, strict=True))
    assert {len(near) for near in shown} == {3}
    same = sum(case.expected == near[0].expected for case, near in zip(train, shown, strict=True))
    assert same > len(train) / 2


def test_a_search_tells_how_far_it_is_and_stops() -> None:
    told: list[tuple[int, int]] = []
    pilot = asked()
    many = pilot.data.documents * STEP
    look = SearchWatch(lambda done, total: told.append((done, total)), lambda: len(told) > 1)
    shown = nearest_documents(many, pilot.data.test, 1, look)
    assert told == [(STEP, len(many)), (2 * STEP, len(many))]
    assert shown == []


def test_diverse_texts_cover_the_kinds() -> None:
    train = labelled().data.train
    places = diverse([case.input for case in train], 3)
    assert len({train[place].expected for place in places}) == 3
    assert diverse(["a", "b"], 5) and len(diverse(["a", "b"], 5)) == 2
