"""My proposals on the screen: what is asked of their owner, by when, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_screens import people, shown
from screens import HOSTILE, texts, window
from streamlit.testing.v1 import AppTest
from world import World

from advisor.domain.lifecycle import Action, Role, State
from advisor.presentation.wording import day_words
from advisor.review.queue.upkeep import expire_due


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    with people(tmp_path / "home") as found:
        yield found


def opened(desk: World, by: Role | str = Role.OWNER) -> AppTest:
    return shown(desk, "", by, "mine")


def links(app: AppTest) -> list[tuple[str, str]]:
    """Return label and screen of every link in the page."""
    found = (item.proto for item in app.get("page_link"))
    return [(one.label.strip("*"), one.page.rpartition("/")[2]) for one in found]


def headline(app: AppTest) -> str:
    return str(next(item.value for item in app.markdown if item.value.startswith("## ")))


def test_without_the_role_nothing_is_shown(desk: World) -> None:
    desk.at(State.CHANGES)
    for app in (window("mine"), opened(desk, Role.REVIEWER)):
        assert "This page needs the role owner" in texts(app) and links(app) == []


def test_who_wrote_nothing_is_told_how_to_begin(desk: World) -> None:
    app = opened(desk)
    assert headline(app) == "## Nothing is asked of you."
    assert "You wrote no proposal yet" in texts(app)
    assert links(app) == [("Start a proposal", "")]  # the first screen has no path of its own


def test_what_is_asked_links_to_where_it_is_done(desk: World) -> None:
    for state in (State.CHANGES, State.PILOT, State.EXPIRED):
        desk.at(state)
    expire_due(desk.store, desk.book)
    app = opened(desk)
    said = texts(app)
    assert headline(app).startswith("## **3 things** are asked of you")
    assert "Changes are asked for. Make them" in said and "The approval is over" in said
    assert "The pilot is approved. Run it." in said
    assert {
        ("Make the changes", "review_form"),
        ("Start the pilot", "pilot_new"),
        ("Renew it", "review_form"),
    } <= set(links(app)[:3])


def test_what_others_must_do_is_not_asked_of_the_owner(desk: World) -> None:
    for state in (State.SUBMITTED, State.EVALUATED, State.APPROVED, State.REFUSED):
        desk.at(state)
    app = opened(desk)
    assert headline(app) == "## Nothing is asked of you."
    assert links(app) == [("Letters", "dossier")] * 4


def test_why_changes_are_asked_for_is_said_as_it_was_typed(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    reason = f"Say where the letters come from, and who may read them. {HOSTILE}"
    desk.decide(id, Action.REQUEST_CHANGES, Role.REVIEWER, reason=reason)
    said = texts(opened(desk))
    assert "Say where the letters come from" in said and "<script>" not in said


def test_a_pilot_that_runs_asks_nothing_and_one_with_a_result_wants_to_be_handed_in(
    desk: World,
) -> None:
    id = desk.at(State.PILOT)
    pilot = desk.pilot(id)
    app = opened(desk)
    assert "The pilot has a result. Somebody with the role runner hands it in." in texts(app)
    desk.sql("UPDATE pilot SET state = 'running' WHERE id = :i", i=pilot)
    assert headline(opened(desk)) == "## Nothing is asked of you."
    desk.sql("UPDATE pilot SET state = 'failed' WHERE id = :i", i=pilot)
    assert "The pilot is approved. Run it." in texts(opened(desk))


def test_what_ends_within_30_days_is_to_be_renewed_by_its_last_day(desk: World) -> None:
    id = desk.at(State.APPROVED)
    at = datetime.now(UTC) + timedelta(days=20)
    desk.sql("UPDATE lease SET expires_at = :e WHERE proposal_id = :i", e=at, i=id)
    app = opened(desk)
    assert headline(app) == f"## **1 thing** is asked of you, the next by {day_words(at.date())}."
    assert ("Renew it", "review_form") in links(app)


def test_a_change_after_handing_in_asks_to_hand_it_in_again(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    desk.edit(id, product="Another one.")
    app = opened(desk)
    assert "Hand it in again" in texts(app) and ("Hand it in", "review_form") in links(app)


def test_conditions_of_mine_come_with_their_day_the_first_due_first(desk: World) -> None:
    id, today = desk.at(State.SUBMITTED), datetime.now(UTC).date()
    terms = [
        {"what": f"Do the thing of day {days}", "owner": desk.who[Role.OWNER],
         "due": today + timedelta(days=days)} for days in (9, 4)
    ]  # fmt: skip
    desk.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=terms)
    app = opened(desk)
    said = texts(app)
    assert headline(app).endswith(f"the next by {day_words(today + timedelta(days=4))}.")
    assert said.index("thing of day 4") < said.index("thing of day 9")


def test_only_what_i_wrote_is_mine_and_what_is_in_review_comes_first(desk: World) -> None:
    other = desk.person(Role.OWNER)
    desk.proposal(by=other)
    desk.at(State.SUBMITTED)
    draft = desk.proposal()
    app = opened(desk)
    shown_here = [screen for label, screen in links(app) if label == "Letters"]
    assert shown_here == ["dossier", "problem"] and desk.store.get(draft)
    assert ("Hand it in for review", "review_form") in links(app)
    assert [label for label, _ in links(opened(desk, other))].count("Letters") == 1


def test_an_override_is_shown(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    no = {next(iter(desk.checklist("low", "pilot"))): {"answer": "no", "note": "Not yet."}}
    desk.decide(id, Action.OVERRIDE, Role.RISK, checklist=desk.checklist("low", "pilot", **no))
    assert "Approved by override" in texts(opened(desk))
