"""Every change is a version, no write happens twice, and hostile input writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import product
from typing import Any

import pytest

from advisor.errors import ConflictError, InputError, NotFoundError
from advisor.proposal import Draft, Failure, Proposal
from advisor.store import UNSET, SavedVersion, Store, VersionInfo
from advisor.store.database.sessions import Database
from advisor.store.database.sessions import database_url as parse_url

DRAFT = Draft(
    title="Returns desk",
    description="Answers customers about returns. Quotes the rules of last year.",
    requested="fine_tuning",
    answers={"style_or_tone": True, "n_labels": 3, "regulated": None},
    failures=(Failure(output="14 days", expected="30 days"), Failure(id="b", note="Wrong tone")),
    corrections={"b": "style"},
    dismissed=("must_cite_sources",),
)
UNKNOWN = "a" * 20
HOSTILE_IDS = [
    "",
    "a",
    "../../etc/passwd",
    "a' OR 1=1",
    "A" * 20,
    "é" * 20,
    "a" * 19 + "\x00",
    "a" * 10**6,
]

WRONG: list[dict[Any, Any]] = [
    {"titel": "x"},
    {"id": "x"},
    {"current.modle": "x"},
    {"current.model.name": "x"},
    {"title.x": "x"},
    {"": "x"},
    {7: "x"},
    {"title": 7},
    {"title": "a\x00b"},
    {"title": "\ud800"},
    {"title": "x" * 20_001},
    {"requested": "magic"},
    {"answers": []},
    {"answers": [], "answers.x": 1},
    {"answers.x": {"deep": 1}},
    {"answers.x": float("nan")},
    {"answers.x": float("inf")},
    {"answers.x": 10**5000},
    {"answers.x": "a\x00b"},
    {"answers.\x00": 1},
    {"answers.\udfff": 1},
    {"answers.x": "y" * 5_000_001},
    {"corrections.b": "nonsense"},
    {"dismissed": ["a\x00"]},
    {"failures": "all"},
    {"failures": [{"input": "only"}]},
    {"failures": [{"note": "a\x00"}]},
    {"failures": [{"note": "n", "extra": 1}]},
    {"failures": [{"id": "a", "note": "n"}, {"id": "a", "note": "m"}]},
]


@pytest.fixture
def saved(store: Store) -> SavedVersion:
    return store.create(DRAFT, "ann", "first")


def test_what_was_created_comes_back_whole(store: Store, saved: SavedVersion) -> None:
    stored = store.get(saved.id)
    assert (stored.draft, stored.version, stored.author) == (DRAFT, 1, "ann")
    assert stored.draft.fingerprint == DRAFT.fingerprint
    assert stored.created_at == stored.updated_at
    assert stored.created_at.utcoffset() == timedelta(0)


def test_a_proposal_of_a_file_is_stored_as_a_draft(store: Store) -> None:
    proposal = Proposal(title="T", description="D", failures=(Failure(note="n"),))
    stored = store.get(store.create(proposal, "ann", "k").id)
    assert stored.draft.fingerprint == proposal.fingerprint


def test_ids_are_long_random_and_safe_in_a_url(store: Store) -> None:
    ids = {store.create(Draft(), "ann", f"k{number}").id for number in range(5)}
    assert len(ids) == 5
    assert all(len(id) >= 16 and id.isascii() and id.isalnum() and id == id.lower() for id in ids)


def test_the_same_key_writes_once(store: Store, saved: SavedVersion) -> None:
    assert store.create(DRAFT, "ann", "first") == saved
    first = store.edit(saved.id, {"title": "New"}, "ann", "edit")
    store.edit(saved.id, {"title": "Newer"}, "bob", "other")
    assert (
        store.edit(saved.id, {"title": "New"}, "ann", "edit") == first == SavedVersion(saved.id, 2)
    )
    assert store.get(saved.id).draft.title == "Newer"
    assert store.list_proposals().total == 1


def test_the_same_key_of_another_person_is_another_write(store: Store, saved: SavedVersion) -> None:
    assert store.create(DRAFT, "bob", "first").id != saved.id


def test_a_key_of_another_write_is_refused(store: Store, saved: SavedVersion) -> None:
    other = store.create(DRAFT, "ann", "second")
    store.edit(saved.id, {"title": "New"}, "ann", "edit")
    with pytest.raises(ConflictError, match="another change"):
        store.edit(other.id, {"title": "New"}, "ann", "edit")
    with pytest.raises(ConflictError, match="another change"):
        store.create(DRAFT, "ann", "edit")
    assert store.get(other.id).version == 1


def test_every_kind_of_path_can_be_changed(store: Store, saved: SavedVersion) -> None:
    changes: dict[str, Any] = {
        "title": "T",
        "description": "D",
        "requested": "retrieval+prompting",
        "current.model": "m",
        "current.prompt": "p",
        "current.retrieval": "r",
        "answers.n_labels": 7,
        "answers.facts_change_often": "daily",
        "answers.style_or_tone": UNSET,
        "corrections.b": "format",
        "corrections.f1": "stale_knowledge",
        "dismissed": (),
        "failures": [*DRAFT.failures, {"note": "third"}],
    }
    store.edit(saved.id, changes, "ann", "k")
    draft = store.get(saved.id).draft
    assert (draft.title, draft.description, draft.requested) == ("T", "D", "prompting+retrieval")
    assert draft.current.model_dump() == {"model": "m", "prompt": "p", "retrieval": "r"}
    assert draft.answers == {"n_labels": 7, "regulated": None, "facts_change_often": "daily"}
    assert draft.corrections == {"b": "format", "f1": "stale_knowledge"}
    assert draft.dismissed == ()
    assert [failure.note for failure in draft.failures] == [None, "Wrong tone", "third"]


def test_values_can_be_taken_away(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"current.model": "m"}, "ann", "k1")
    gone = {"current.model": UNSET, "title": UNSET, "corrections.b": None, "failures": UNSET}
    store.edit(saved.id, gone, "ann", "k2")
    draft = store.get(saved.id).draft
    assert draft.current.model is None and not draft.title
    assert draft.corrections == {} and draft.failures == ()


def test_i_dont_know_is_an_answer_and_unset_is_none(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"answers.n_labels": None, "answers.regulated": UNSET}, "ann", "k")
    assert store.get(saved.id).draft.answers == {"style_or_tone": True, "n_labels": None}


def test_a_failure_id_with_a_dot_can_be_corrected(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"corrections.case.7": "label"}, "ann", "k")
    assert store.get(saved.id).draft.corrections["case.7"] == "label"


def test_a_whole_group_and_one_of_it_change_together(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"answers.n_labels": 2, "answers": {}}, "ann", "k")
    assert store.get(saved.id).draft.answers == {"n_labels": 2}


def test_an_edit_that_changes_nothing_writes_no_version(store: Store, saved: SavedVersion) -> None:
    same = {"title": DRAFT.title, "failures": DRAFT.failures, "answers.n_labels": 3}
    assert store.edit(saved.id, same, "ann", "k") == saved
    assert store.edit(saved.id, {}, "ann", "k2") == saved
    assert len(store.versions(saved.id)) == 1


def test_true_and_one_are_different_answers(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"answers.style_or_tone": 1}, "ann", "k")
    answer = store.get(saved.id).draft.answers["style_or_tone"]
    assert answer == 1 and answer is not True


def test_a_wrong_change_writes_nothing(store: Store, saved: SavedVersion) -> None:
    for changes in WRONG:
        with pytest.raises(InputError) as caught:
            store.edit(saved.id, {"description": "right", **changes}, "ann", "k")
        assert all(problem.where and problem.what for problem in caught.value.problems)
        assert "\x00" not in str(caught.value)
    assert store.get(saved.id).draft == DRAFT
    assert store.edit(saved.id, {"title": "right"}, "ann", "k").version == 2


def test_a_draft_that_cannot_be_stored_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="number without end"):
        store.create(Draft.model_construct(answers={"x": float("nan")}), "ann", "k")
    assert store.list_proposals().total == 0


def test_authors_and_keys_must_be_plain(store: Store, saved: SavedVersion) -> None:
    odd = ["", "x" * 201, "a\x00", "\ud800"]
    for author, key in [*((name, "k") for name in odd), *(("ann", name) for name in odd)]:
        with pytest.raises(InputError):
            store.create(DRAFT, author, key)
        with pytest.raises(InputError):
            store.edit(saved.id, {"title": "x"}, author, key)


def test_unknown_and_malformed_ids_get_the_same_words(store: Store) -> None:
    calls: list[Callable[[str], object]] = [
        store.get,
        store.versions,
        lambda id: store.archive(id, "ann"),
        lambda id: store.unarchive(id, "ann"),
        lambda id: store.get(id, 1),
        lambda id: store.compare(id, 1, 1),
        lambda id: store.edit(id, {"title": "x"}, "ann", "k"),
        lambda id: store.restore(id, 1, "ann", "k"),
        lambda id: store.note_assessment(id, 1, "prompting", 0.5, False, {}),
    ]
    for id, call in product([UNKNOWN, *HOSTILE_IDS], calls):
        with pytest.raises(
            NotFoundError, match=r"^There is no such (proposal|version)\. Check the link\.$"
        ):
            call(id)


def test_an_unknown_version_is_not_found(store: Store, saved: SavedVersion) -> None:
    for version in (0, -1, 2, 2**31, 10**30):
        with pytest.raises(NotFoundError, match="no such version"):
            store.get(saved.id, version)
        with pytest.raises(NotFoundError, match="no such version"):
            store.restore(saved.id, version, "ann", "k")


def test_versions_tell_who_changed_what(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"title": "New", "answers.many_user_styles": True}, "bob", "k1")
    more = (*DRAFT.failures[:1], Failure(id="b", note="Right"), Failure(note="third"))
    store.edit(saved.id, {"failures": more, "corrections.b": None}, "cy", "k2")
    newest, middle, oldest = store.versions(saved.id)
    assert [info.version for info in (newest, middle, oldest)] == [3, 2, 1]
    assert (oldest.author, oldest.summary) == ("ann", "Created")
    assert (middle.author, middle.summary) == ("bob", "Title; answers: many user styles")
    assert newest.summary == "How failures are read; failures: 1 added, 1 changed"
    assert newest.at.tzinfo is UTC and newest.at >= middle.at
    for info in (newest, middle, oldest):
        assert info.fingerprint == store.get(saved.id, info.version).draft.fingerprint


def test_failures_in_another_order_are_a_change(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"failures": DRAFT.failures[::-1]}, "ann", "k")
    assert store.versions(saved.id)[0].summary == "Failures: another order"


def test_versions_can_be_compared(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"title": "New"}, "ann", "k1")
    store.edit(saved.id, {"failures": DRAFT.failures[:1]}, "ann", "k2")
    assert store.compare(saved.id, 1, 2) == {"title": ("Returns desk", "New")}
    assert store.compare(saved.id, 3, 2) == {"failures.b.note": (None, "Wrong tone")}
    assert store.compare(saved.id, 2, 2) == {}


def test_going_back_is_a_new_version(store: Store, saved: SavedVersion) -> None:
    store.edit(saved.id, {"title": "New", "failures": []}, "ann", "k1")
    assert store.restore(saved.id, 1, "bob", "k2") == SavedVersion(saved.id, 3)
    assert store.restore(saved.id, 1, "bob", "k2") == SavedVersion(saved.id, 3)
    assert store.get(saved.id).draft == DRAFT
    assert store.get(saved.id, 2).draft.title == "New"
    assert store.versions(saved.id)[0].summary == "Went back to version 1"
    assert store.restore(saved.id, 3, "bob", "k3") == SavedVersion(saved.id, 3)


def test_everything_survives_a_restart(database_url: str) -> None:
    before = Store(Database(parse_url(database_url)))
    saved = before.create(DRAFT, "ann", "k1")
    before.edit(saved.id, {"title": "New"}, "ann", "k2")
    history: tuple[VersionInfo, ...] = before.versions(saved.id)
    before.close()
    after = Store(Database(parse_url(database_url)))
    assert after.get(saved.id, 1).draft == DRAFT
    assert after.versions(saved.id) == history
    assert after.create(DRAFT, "ann", "k1") == saved
    assert after.edit(saved.id, {"title": "New"}, "ann", "k2").version == 2
    after.close()
