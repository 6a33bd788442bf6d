"""Rows of the trail in words: every action has some, and no detail does harm."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.lifecycle import Action, Role
from advisor.domain.trail import START, Event, TrailEntry, follow
from advisor.review.audit.trail_words import WORDS, people_in, title_of, told, when
from advisor.review.people.role_words import MAY, locked_out, role_words
from advisor.store.people.people import Person

AT = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab_{}<", max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab"), inner, max_size=2),
)
NAMES = ("decision", "from", "to", "until", "person", "roles", "role", "asked", "because", "kind")


def row(action: str, version: int | None = None, **detail: Any) -> TrailEntry:
    return follow(START, Event(action, "u1", "risk", "p1", version, detail=detail), AT)


@pytest.mark.parametrize("action", Action)
def test_every_move_has_words_but_the_edit_that_a_saved_version_tells(action: Action) -> None:
    assert (action in WORDS) == (action is not Action.EDIT)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (row("save_version", 3, ends_review=True), "saved version 3, which ended its review"),
        (row("approve", 2, decision="d", **{"from": "evaluated", "to": "evaluated"}),
         "approved adoption (version 2); others must agree, too"),
        (row("approve", 2, decision="d", until="2027-02-28", **{"from": "a", "to": "b"}),
         "approved adoption (version 2), until 28 February 2027"),
        (row("refused_attempt", asked="approve", because="writer"),
         "tried to approve adoption and was refused: it is their own work, or not theirs"),
        (row("refused_attempt", asked="give_person", because="role"),
         "tried to give a role and was refused: they do not hold the role"),
        (row("take_role", person="u2", roles=["risk"]), "took the role risk from Ben"),
        (row("give_token", person="u2", role="owner"), "gave Ben a token for the role owner"),
        (row("add_person", person="u9", roles=[]), "added u9: no role"),
        (row("notice", kind="base_model"), "told that a base model changed"),
        (row("something.new"), "something new"),
    ],
)  # fmt: skip
def test_rows_read_like_sentences(given_: TrailEntry, said: str) -> None:
    assert told(given_, {"u2": "Ben"}) == said


@given(st.sampled_from([*WORDS, "unknown"]), st.dictionaries(st.sampled_from(NAMES), ANY))
def test_a_detail_of_any_shape_is_told(action: str, detail: dict[str, Any]) -> None:
    made = row(action, 1, **detail)
    assert told(made, {}) and title_of(action) and people_in(made) >= {"u1"}


def test_a_time_that_is_none_stands_as_it_is() -> None:
    assert when(row("comment")) == "28 November 2026, 12:30 UTC"
    assert when(row("comment").model_copy(update={"at": "yesterday"})) == "yesterday"


def test_every_role_has_words() -> None:
    assert set(MAY) == set(Role) and role_words(Role.RISK).startswith("risk: approves too")


def person(id: str, *roles: Role) -> Person:
    return Person(id, id.title(), None, AT, False, roles)


def test_what_is_lost_with_a_role() -> None:
    ann, ben = person("ann", Role.ADMINISTRATOR, Role.RISK), person("ben", Role.RISK)
    both = (ann, ben)
    assert locked_out(both, ann, Role.RISK, "ann") == []
    assert locked_out(both, ben, Role.RISK, "ann") == ["Ben will have no role left."]
    last, own = locked_out(both, ann, Role.ADMINISTRATOR, "ann")
    assert last.startswith("Nobody else holds the role administrator") and "not see" in own
