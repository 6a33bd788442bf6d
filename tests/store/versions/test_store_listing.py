"""The list: search, filters, order, pages, archiving, and what triage said."""

from __future__ import annotations

import pytest

from advisor.errors import InputError, NotFoundError
from advisor.proposal import Draft
from advisor.store import SavedVersion, Store

PRINTS = {"proposal": "p", "rules": "r", "classifier": "c"}
TITLES = ["100% sure", "100 sure", "snake_case", "snakeXcase", "Straße nach Köln", "slash/back\\"]

SEARCHES = [
    ("", TITLES),
    ("  ", TITLES),
    ("100%", ["100% sure"]),
    ("%", ["100% sure"]),
    ("snake_case", ["snake_case"]),
    ("_", ["snake_case"]),
    ("SNAKE", ["snake_case", "snakeXcase"]),
    ("STRASSE", ["Straße nach Köln"]),
    ("ko\u0308ln straße", ["Straße nach Köln"]),
    ("/", ["slash/back\\"]),
    ("back\\", ["slash/back\\"]),
    ("sure 100", ["100% sure", "100 sure"]),
    ("sure snake", []),
    ("'; DROP TABLE proposal; --", []),
    ("a\x00b", []),
    ("\ud800", []),
    ("x" * 100_000, []),
]


@pytest.fixture
def made(store: Store) -> dict[str, SavedVersion]:
    return {
        title: store.create(Draft(title=title), "ann" if place % 2 else "bob", f"k{place}")
        for place, title in enumerate(TITLES)
    }


def titles(store: Store, **wanted: object) -> list[str]:
    return [row.title for row in store.list_proposals(**wanted).rows]  # type: ignore[arg-type]


def test_search_finds_plain_words_whatever_their_case(
    store: Store, made: dict[str, SavedVersion]
) -> None:
    for search, found in SEARCHES:
        assert sorted(titles(store, search=search)) == sorted(found), ascii(search)[:40]


def test_a_changed_title_is_found_by_its_new_words(
    store: Store, made: dict[str, SavedVersion]
) -> None:
    store.edit(made["100 sure"].id, {"title": "ÉTÉ"}, "ann", "k")
    assert titles(store, search="été") == ["ÉTÉ"]


def test_the_longest_title_can_be_stored_and_found(store: Store) -> None:
    title = "\U0001f600" * 20_000
    store.create(Draft(title=title), "ann", "k")
    assert titles(store, search="\U0001f600" * 3) == [title]


def test_orders_are_the_same_on_both_databases(store: Store, made: dict[str, SavedVersion]) -> None:
    store.edit(made["snake_case"].id, {"description": "later"}, "ann", "k")
    assert titles(store)[0] == "snake_case"
    assert titles(store, sort="created") == TITLES[::-1]
    assert titles(store, sort="title") == [
        "100 sure", "100% sure", "slash/back\\", "snake_case", "snakeXcase", "Straße nach Köln",
    ]  # fmt: skip
    with pytest.raises(InputError, match="is not an order"):
        titles(store, sort="1; DROP TABLE proposal")


def test_pages_hold_everything_once(store: Store, made: dict[str, SavedVersion]) -> None:
    pages = [store.list_proposals(offset=offset, limit=4) for offset in (0, 4, 8)]
    assert [len(page.rows) for page in pages] == [4, 2, 0]
    assert {page.total for page in pages} == {6}
    assert {row.title for page in pages for row in page.rows} == set(TITLES)


def test_odd_offsets_and_limits_do_no_harm(store: Store, made: dict[str, SavedVersion]) -> None:
    for number in (-1, -(10**30), 10**30):
        assert store.list_proposals(offset=number).total == 6
        assert store.list_proposals(limit=number).total == 6


def test_authors_and_recommendations_filter(store: Store, made: dict[str, SavedVersion]) -> None:
    store.note_assessment(made["100 sure"].id, 1, "retrieval", 0.8, False, PRINTS)
    store.note_assessment(made["100% sure"].id, 1, "prompting", 0.6, True, PRINTS)
    assert len(titles(store, author="ann")) == 3
    assert titles(store, recommendation="retrieval") == ["100 sure"]
    assert titles(store, recommendation="prompting", author="ann") == []
    assert titles(store, author="a\x00") == []


def test_an_assessment_shows_in_the_list(store: Store, made: dict[str, SavedVersion]) -> None:
    id = made["100 sure"].id
    store.edit(id, {"description": "more"}, "ann", "k")
    before = store.get(id).updated_at
    for _ in range(2):
        store.note_assessment(id, 2, "retrieval", 0.8, False, PRINTS)
    store.note_assessment(id, 1, "prompting", 0.1, True, PRINTS)  # late, about an older version
    row = store.list_proposals(search="100 sure", recommendation="retrieval").rows[0]
    assert (row.id, row.version, row.assessed_version) == (id, 2, 2)
    assert (row.recommendation, row.confidence, row.abstained) == ("retrieval", 0.8, False)
    assert row.updated_at == before
    with pytest.raises(NotFoundError):
        store.note_assessment(id, 3, "retrieval", 0.8, False, PRINTS)


def test_archiving_hides_and_can_be_undone(store: Store, made: dict[str, SavedVersion]) -> None:
    id = made["100 sure"].id
    store.archive(id, "ann")
    store.archive(id, "ann")
    assert "100 sure" not in titles(store)
    assert titles(store, archived=True) == ["100 sure"]
    assert store.get(id).archived and store.get(id).draft.title == "100 sure"
    store.unarchive(id, "ann")
    assert "100 sure" in titles(store)
    assert not store.get(id).archived
