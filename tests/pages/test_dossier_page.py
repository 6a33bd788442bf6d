"""The dossier on the screen: who sees it, what it says first, and how a decision is recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_screens import people, shown
from piloted import piloted
from screens import HOSTILE, field, press, texts
from streamlit.testing.v1 import AppTest
from world import REASON, World, key

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Action, Role, State
from advisor.review.decisions.review_view import view
from advisor.store.database.audit_trail import TrailQuery


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with people(tmp_path_factory.mktemp("home")) as found:
        yield found


def opened(desk: World, id: str, by: Role | str = Role.REVIEWER) -> AppTest:
    return shown(desk, id, by, "dossier")


def choose(app: AppTest, action: str) -> AppTest:
    field(app, "What do you decide?").set_value(action).run()
    assert not app.exception
    return app


def ticked(app: AppTest) -> AppTest:
    """Answer the whole checklist with yes."""
    for item in [one for one in app.radio if "/tick/" in str(one.key)]:
        item.set_value("yes")
    return app


def actions(desk: World, id: str) -> list[Action]:
    return [one.action for one in view(desk.store, id, desk.book).history]


def test_what_is_decided_and_the_case_against_come_first(desk: World) -> None:
    id = desk.at(
        State.SUBMITTED, advice="retrieval", answers={"labelled_examples": 10},
        reason_against_advice=f"The device has no network. {HOSTILE}",
    )  # fmt: skip
    app = opened(desk, id)
    said = texts(app)
    assert "Approve a pilot of version 1, until" in app.header[0].value
    heads = [one.value for one in app.header]
    assert heads[1:4] == ["The case against", "Advice and request", "Evidence"]
    assert heads[-1] == "Decision"
    assert "A rule of triage rules out what is asked for" in said
    assert "No pilot has a result yet" in said and "Blocks: adoption" in said
    assert "6 × 0\\.1 billion parameters" in said
    assert "<script>" not in said


def test_what_nobody_answered_stands_there_as_a_question_and_not_as_its_id(desk: World) -> None:
    said = texts(opened(desk, desk.proposal(answers={"personal_data": None}), Role.OWNER))
    assert f"Nobody answered: {plain(desk.book.questions['personal_data'].ask)}" in said
    assert "personal\\_data" not in said and "personal_data" not in said


@pytest.mark.parametrize("role", [Role.RUNNER, Role.ADMINISTRATOR])
def test_without_the_role_nothing_is_opened(desk: World, role: Role) -> None:
    app = opened(desk, desk.at(State.SUBMITTED), role)
    assert not app.header and "needs the role" in app.error[0].value


def test_another_owner_sees_nothing_and_the_writer_decides_nothing(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    other = desk.people.add("Another", None, [Role.OWNER], desk.admin, key()).id
    app = opened(desk, id, other)
    assert not app.header and "read its dossier" in app.error[0].value
    app = opened(desk, id, Role.OWNER)
    assert "Nothing to decide for you" in texts(app) and not app.radio


def test_opening_is_recorded_once(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = opened(desk, id).run()
    assert "You see this for the first time" in texts(app)
    assert "You saw this before" in texts(opened(desk, id))
    rows = desk.store.trail.newest(TrailQuery(id, desk.who[Role.REVIEWER], "view_dossier"))
    assert len(rows) == 1


def test_why_not_is_said_in_place_of_a_button(desk: World) -> None:
    author = desk.person(Role.OWNER, Role.REVIEWER)
    id = desk.proposal(by=author)
    desk.decide(id, Action.SUBMIT, author)
    app = opened(desk, id, author)
    assert "You wrote a part of it" in app.info[0].value
    assert list(field(app, "What do you decide?").options) == ["Abstain"]


def test_asking_for_changes_is_recorded_with_its_reason(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = choose(opened(desk, id), Action.REQUEST_CHANGES)
    field(app, "Your reason").set_value("Too short.").run()
    assert "30 characters more" in texts(app)
    press(app, "Record: ask for changes to version 1")
    assert "at least 40 are needed" in texts(app)
    assert "Nothing was recorded yet: one thing is to be mended" in app.error[0].value
    assert actions(desk, id) == [Action.SUBMIT]
    field(app, "Your reason").set_value(REASON)
    press(app, "Record: ask for changes to version 1")
    assert actions(desk, id) == [Action.SUBMIT, Action.REQUEST_CHANGES]
    assert "Recorded: “Ask for changes” on version 1" in app.success[0].value
    assert "cannot be undone" in app.success[0].value and not app.radio


def test_a_pilot_is_approved_with_checklist_limits_and_a_condition(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = choose(opened(desk, id), Action.APPROVE_PILOT)
    press(app, "Record: approve a pilot of version 1 until")
    assert texts(app).count("Has no answer") == len(desk.checklist("low", "pilot"))
    ticked(app)
    first = next(one for one in app.radio if "/tick/" in str(one.key))
    first.set_value("not_applicable").run()
    field(app, "Note: why is it").set_value("No prompt can hold the labels.")
    press(app, "Add a condition")
    field(app, "Condition 1").set_value("Count the wrong letters each day")
    field(app, "Who does it (1)").set_value(desk.who[Role.OWNER])
    field(app, "Minutes it may take").set_value(45.0)
    field(app, "Your reason").set_value(REASON)
    app = press(app, "Record: approve a pilot")
    assert "Is missing\\. Choose a day" in texts(app)
    due = next(one for one in app.date_input if one.label.startswith("By when"))
    due.set_value(due.max)
    press(app, "Record: approve a pilot")
    made = view(desk.store, id, desk.book).history[-1]
    assert made.action is Action.APPROVE_PILOT and made.detail["minutes"] == 45
    assert made.detail["compute"] == pytest.approx(1.8e15)
    assert made.conditions[0].owner == desk.who[Role.OWNER]
    assert made.detail["checklist"]["honestly_tried"]["answer"] == "not_applicable"


def test_what_was_typed_outlives_an_edit_and_the_edit_is_told(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = choose(opened(desk, id), Action.REFUSE)
    field(app, "Your reason").set_value(REASON).run()
    desk.edit(id, rollback="Another way back.")
    desk.decide(id, Action.SUBMIT, Role.OWNER)
    press(app, "Record: refuse version 1")
    said = texts(app)
    assert "version 2 differs from 1 in" in said and "rollback" in said
    assert "this is version 2, you opened version 1" in said
    assert field(app, "Your reason").value == REASON
    assert Action.REFUSE not in actions(desk, id)
    press(app, "Record: refuse version 2")
    assert actions(desk, id)[-1] is Action.REFUSE


def test_high_stakes_need_the_number_again_and_two_people(desk: World) -> None:
    id = desk.at(
        State.SUBMITTED, answers={"personal_data": True}, personal_data_handling="Names replaced."
    )
    app = ticked(choose(opened(desk, id, Role.RISK), Action.APPROVE_PILOT))
    assert "2 people must agree, one of them from risk. So far: 0" in texts(app)
    field(app, "Your reason").set_value(REASON)
    press(app, "Record: approve a pilot")
    assert "Is not the number of this proposal" in texts(app)
    field(app, "Tier high").set_value(id[:6])
    press(app, "Record: approve a pilot")
    assert "another person must agree" in app.success[0].value
    assert view(desk.store, id, desk.book).state is State.SUBMITTED


def test_an_override_says_which_risk_and_its_end(desk: World) -> None:
    id = desk.at(State.SUBMITTED, answers={"labelled_examples": 10})
    app = ticked(choose(opened(desk, id, Role.RISK), Action.OVERRIDE))
    field(app, "Your reason").set_value(REASON)
    field(app, "Tier high").set_value(id[:6])
    press(app, "Record: override")
    said = texts(app)
    assert "Name the last day" in said and said.count("at least 40 are needed") == 2
    ends = next(one for one in app.date_input if one.label.startswith("Last day"))
    assert ends.value is None
    ends.set_value(ends.min)
    for name in ("Which risk", "What is done"):
        field(app, name).set_value("Some letters come out wrong; a clerk reads each of them.")
    press(app, "Record: override")
    assert actions(desk, id)[-1] is Action.OVERRIDE
    assert "Override" in texts(app)


def test_a_comment_is_kept_once_and_shown_with_its_name(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = opened(desk, id)
    field(app, "Add a comment").set_value(f"What about week-ends? {HOSTILE}")
    press(app, "Add the comment")
    said = texts(app)
    assert "What about week" in said and "<script>" not in said
    assert not field(app, "Add a comment").value
    assert "Comments (1)" in said
    app = opened(desk, id, Role.AUDITOR)
    assert "What about week" in texts(app)
    assert not [one for one in app.text_area if one.label == "Add a comment"]


def test_outputs_are_rated_blind_and_then_revealed(desk: World) -> None:
    id = desk.at(State.PILOT)
    desk.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=piloted(desk, id))
    app = opened(desk, id)
    assert "0 of 10 pairs rated" in app.get("progress")[0].proto.text
    assert "You preferred" not in texts(app)
    press(app, "A is better")
    assert "1 of 10 pairs rated" in app.get("progress")[0].proto.text
    assert "You preferred" in texts(app) and "Preferred so far, by 1 person" in texts(app)


def test_the_pilot_stands_with_its_threshold_and_what_training_cost(desk: World) -> None:
    id = desk.at(State.PILOT)
    desk.decide(id, Action.RECORD_PILOT, Role.RUNNER, pilot=piloted(desk, id))
    said = texts(opened(desk, id))
    assert "It confirms fine\\-tuning" in said and "fixed on" in said
    assert "9 of 20 before, 4 after training" in said
    assert "Worst group of cases" in said and "Old customers" in said


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.EXPIRED])
def test_what_is_not_decided_now_can_be_read(desk: World, state: State) -> None:
    app = opened(desk, desk.at(state), Role.RISK)
    assert "Nothing now" in app.header[0].value and app.header[-1].value == "Decision"


def test_whoever_runs_pilots_hands_in_the_result_once(desk: World) -> None:
    id = desk.at(State.PILOT)
    pilot = piloted(desk, id)
    app = shown(desk, id, Role.OWNER, "pilot", pilot=pilot)
    assert not [one for one in app.button if one.label.startswith("Hand in")]
    app = shown(desk, id, Role.RUNNER, "pilot", pilot=pilot)
    press(app, "Hand in this result for review")
    assert actions(desk, id)[-1] is Action.RECORD_PILOT
    assert "This result is handed in" in texts(app)


def test_an_owner_does_not_read_what_others_were_told(desk: World) -> None:
    desk.at(State.REFUSED)
    id = desk.at(State.SUBMITTED)
    found = opened(desk, id, Role.OWNER)
    assert "alike" in texts(found) and REASON.split(",")[0] in texts(opened(desk, id))
    links = [one.proto.label for one in found.get("page_link")]
    assert "Its dossier" not in links and "Change it" in links
