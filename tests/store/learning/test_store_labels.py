"""What each person says failures are is kept beside the proposals, in the same write."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.errors import InputError, NotFoundError
from advisor.intake.failure_edits import FailureEdits
from advisor.proposal import Draft, Failure
from advisor.store import UNSET, Store
from advisor.vocabulary import Mode

A = Failure(id="a", input="Which code?", output="RED", expected="red")
B = Failure(id="b", note="Far too stiff")


def made(store: Store, key: str = "k", **fields: Any) -> str:
    return store.create(Draft(title="T", failures=(A, B), **fields), "anna", key).id


def say(store: Store, id: str, mode: Any, author: str, failure: str = "a", key: str = "") -> None:
    store.edit(id, {f"corrections.{failure}": mode}, author, key or f"{author}{mode}{failure}")


def said(store: Store, failure: Failure = A) -> dict[str, str]:
    return {label.author: label.mode.value for label in store.labels.of([failure])[0]}


def test_each_person_has_one_label_the_latest(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "style", "ben")
    say(store, id, "label", "anna")
    assert said(store) == {"anna": "label", "ben": "style"}
    assert said(store, B) == {}
    assert store.get(id).draft.corrections == {"a": Mode.LABEL}


def test_a_label_holds_what_is_needed_to_learn_from_it(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    (label,) = store.labels.all()
    assert label.failure == A
    assert (label.proposal_id, label.failure_id, label.settles) == (id, "a", False)
    assert label.at.tzinfo is not None


@pytest.mark.parametrize("nothing", [None, UNSET])
def test_taking_a_correction_back_removes_that_persons_label_only(
    store: Store, nothing: object
) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "style", "ben")
    say(store, id, nothing, "ben")
    assert said(store) == {"anna": "format"}
    assert store.get(id).draft.corrections == {}
    say(store, id, nothing, "anna")
    assert said(store) == {}


def test_who_says_the_same_is_kept_too(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "format", "ben")
    assert said(store) == {"anna": "format", "ben": "format"}
    assert store.get(id).version == 2


def test_the_same_failure_in_two_proposals_is_one_failure(store: Store) -> None:
    one, two = made(store), made(store, "k2")
    say(store, one, "format", "anna")
    say(store, two, "label", "ben")
    assert said(store) == {"anna": "format", "ben": "label"}
    assert said(store, A.model_copy(update={"id": "elsewhere"})) == said(store)


def test_a_proposal_that_comes_with_corrections_keeps_them(store: Store) -> None:
    made(store, corrections={"a": Mode.STYLE, "gone": Mode.LABEL})
    assert said(store) == {"anna": "style"}
    assert len(store.labels.all()) == 1


def test_removing_failures_and_putting_them_back_keeps_whose_word_it_was(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "style", "ben", "b")
    ben = FailureEdits(store, id, "ben")
    ben.remove_all()
    assert said(store, A) == {"anna": "format"}
    assert said(store, B) == {}
    ben.put_back(3)
    assert store.get(id).draft.corrections == {"a": Mode.FORMAT, "b": Mode.STYLE}
    assert said(store, A) == {"anna": "format"}
    assert said(store, B) == {"ben": "style"}


def test_going_back_to_an_old_version_takes_ones_own_word_back(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    store.restore(id, 1, "anna", "back")
    assert said(store) == {}
    store.restore(id, 2, "anna", "again")
    assert said(store) == {"anna": "format"}


def test_words_follow_a_failure_whose_texts_are_changed(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "label", "ben")
    FailureEdits(store, id, "cara").change(A, {"output": "BLUE", "expected": "blue"})
    assert said(store) == {}
    assert said(store, store.get(id).draft.failures[0]) == {"anna": "format", "ben": "label"}


def test_a_write_that_is_repeated_or_refused_says_nothing_new(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna", key="same")
    say(store, id, "style", "anna", key="other")
    say(store, id, "format", "anna", key="same")
    assert said(store) == {"anna": "style"}
    with pytest.raises(InputError):
        say(store, id, "nonsense", "anna")
    assert said(store) == {"anna": "style"}


def test_a_correction_of_a_failure_that_is_not_there_is_no_label(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna", failure="nobody")
    assert store.labels.all() == ()


def test_settling_is_marked_until_the_person_says_something_else(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    say(store, id, "label", "ben")
    digest = store.labels.of([A])[0][0].digest
    store.labels.settle(digest, Mode.LABEL, "cara")
    store.labels.settle(digest, Mode.LABEL, "cara")
    last = store.labels.of([A])[0][-1]
    assert (last.author, last.mode, last.settles, last.failure) == ("cara", Mode.LABEL, True, A)
    say(store, id, "style", "cara")
    assert not any(label.settles for label in store.labels.of([A])[0])


def test_what_cannot_be_settled_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.labels.settle("0" * 64, Mode.LABEL, "cara")
    with pytest.raises(InputError):
        store.labels.settle("0" * 64, Mode.LABEL, "")


def test_thousands_at_once_are_kept_and_forgotten(store: Store) -> None:
    many = tuple(Failure(id=f"x{n}", note=f"n{n}") for n in range(3_000))
    corrections = {failure.id or "": Mode.STYLE for failure in many}
    id = store.create(Draft(failures=many, corrections=corrections), "anna", "k").id
    assert len(store.labels.all()) == 3_000
    FailureEdits(store, id, "anna").remove_all()
    assert store.labels.all() == ()


def test_what_was_settled_can_be_opened_again(store: Store) -> None:
    id = made(store)
    say(store, id, "format", "anna")
    digest = store.labels.of([A])[0][0].digest
    store.labels.settle(digest, Mode.LABEL, "cara")
    store.labels.reopen(digest, "ann")
    assert said(store) == {"anna": "format", "cara": "label"}
    assert not any(label.settles for label in store.labels.of([A])[0])
