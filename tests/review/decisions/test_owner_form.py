"""The form of the review is part of a version: kept, compared and told like everything else."""

from __future__ import annotations

import json

import pytest

from advisor.errors import InputError
from advisor.presentation.differences import told
from advisor.proposal import Draft, parse_proposal
from advisor.rules import load
from advisor.rules.schema.answers import filled
from advisor.store import UNSET, Store

ROLLBACK = "The prompt of today stays deployed."


def test_an_empty_form_leaves_every_fingerprint_as_it_was() -> None:
    plain = Draft(title="T")
    assert "review" not in plain.model_dump(mode="json")
    assert plain.fingerprint == Draft(title="T", review={}).fingerprint
    assert plain.fingerprint != Draft(title="T", review={"rollback": ROLLBACK}).fingerprint


def test_a_field_is_edited_and_taken_away_by_its_path(store: Store) -> None:
    id = store.create(Draft(title="T"), "ann", "1").id
    store.edit(id, {"review.rollback": ROLLBACK, "review.epochs": 3}, "ann", "2")
    newest, first = store.versions(id)
    assert newest.summary == "Form of the review: epochs, rollback"
    stored = store.get(id)
    assert stored.draft.review == {"rollback": ROLLBACK, "epochs": 3}
    assert stored.draft.fingerprint == newest.fingerprint != first.fingerprint
    changes = store.compare(id, 1, 2)
    assert changes == {"review.epochs": (None, 3), "review.rollback": (None, ROLLBACK)}
    lines = {(one.what, one.before, one.after) for one in told(changes, load())}
    assert ("How often does it see each of them?", "no answer", "3") in lines
    store.edit(id, {"review.rollback": UNSET, "review.epochs": UNSET}, "ann", "3")
    assert store.versions(id)[0].fingerprint == first.fingerprint


def test_choices_and_unknown_fields_are_told_in_words() -> None:
    changes = {"review.data_rights": ("partly", "cleared"), "review.older": (True, None)}
    lines = {(one.what, one.before, one.after) for one in told(changes, load())}
    assert ("May all of it be used for training?", "Some of it", "Yes, all of it") in lines
    assert ("older", "yes", "no answer") in lines


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rolback", "x", "the review has no field 'rolback'. Did you mean 'rollback'?"),
        ("rollback", True, "yes is not an answer to 'rollback'. Write a text"),
        ("epochs", "three", "'three' is not an answer to 'epochs'. Use a number from 0 to 1,000"),
        ("reach", "publik", "Did you mean 'public'?"),
        ("rollback", None, None),
        ("data_rights", "unsure", None),
        ("epochs", 1.5, None),
    ],
)
def test_answers_that_do_not_fit_are_told(field: str, value: object, said: str | None) -> None:
    found = load().review_problems({field: value}, "p.json.review")  # type: ignore[dict-item]
    assert len(found) == (said is not None)
    assert not said or (said in str(found[0]) and f"p.json.review.{field}" in str(found[0]))


def test_a_file_may_hold_the_form_and_hostile_values_are_refused() -> None:
    data = {"title": "T", "description": "D", "review": {"rollback": ROLLBACK}}
    proposal = parse_proposal(data)
    assert parse_proposal(json.loads(proposal.model_dump_json())) == proposal
    for wrong in ({"rollback": [1]}, {"rollback": "a\x00"}, {"epochs": float("nan")}, "text"):
        with pytest.raises(InputError, match="review"):
            parse_proposal(data | {"review": wrong})


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_blank_is_not_filled_in(value: str | None) -> None:
    assert not filled(value)


@pytest.mark.parametrize("value", ["x", 0, False])
def test_no_and_zero_are_answers(value: str | int) -> None:
    assert filled(value)
