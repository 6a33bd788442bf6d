"""The owner's form: asked once, saved as it is typed, and submitted once nothing is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from desk_screens import people, shown
from screens import HOSTILE, press, stored, texts
from streamlit.testing.v1 import AppTest
from world import REASON, World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.review.decisions.owner_form import form
from advisor.review.decisions.review_view import view

AGAINST = "The device has no network, so nothing can be looked up."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with people(tmp_path_factory.mktemp("home")) as found:
        yield found


def opened(desk: World, id: str, by: Role | str = Role.OWNER) -> AppTest:
    return shown(desk, id, by, "review_form")


def given(id: str) -> dict[str, Any]:
    return dict(stored(id).draft.review)


def bare(desk: World) -> str:
    """A proposal whose form nobody filled in."""
    id = desk.proposal()
    desk.store.edit(id, {"review": {}}, desk.who[Role.OWNER], key())
    return id


def area(app: AppTest, ask: str) -> Any:
    return next(one for one in app.text_area if one.label.startswith(ask))


class TestForm:
    def test_what_is_needed_follows_the_tier_and_the_vetoes(self, desk: World) -> None:
        approval = desk.book.approval
        assert approval
        low = form(desk.store, desk.book, desk.proposal(), desk.who[Role.OWNER])
        assert low.missing == () and low.done == len(low.needed) > 10
        id = desk.proposal(rollback=" ", security="", reach="customers", synthetic_share=10)
        found = form(desk.store, desk.book, id, desk.who[Role.OWNER])
        assert {one.id for one in found.missing} == {"rollback", "synthetic_terms"}
        assert found.view.tier.id == "medium" and "security" not in found.needed
        assert found.later >= {"monitoring", "labelling"}
        assert sum(map(len, found.sections.values())) == len(approval.fields)

    def test_questions_that_decide_the_tier_are_asked_here(self, desk: World) -> None:
        id = desk.proposal(answers={"personal_data": None, "regulated": True})
        found = form(desk.store, desk.book, id, desk.who[Role.OWNER])
        assert [one.id for one in found.questions] == ["personal_data"]
        assert found.view.tier.id == "high"


def test_only_owners_open_it(desk: World) -> None:
    app = opened(desk, desk.proposal(), Role.REVIEWER)
    assert not app.header and "needs the role owner" in app.error[0].value


def test_every_field_stands_with_why_and_an_example(desk: World) -> None:
    approval = desk.book.approval
    assert approval
    app = opened(desk, bare(desk))
    said = texts(app)
    labels = [one.label for kind in (app.text_area, app.radio) for one in kind]
    for one in approval.fields.values():
        assert one.ask in labels or one.type == "number", one.id
    assert len(app.number_input) == sum(one.type == "number" for one in approval.fields.values())
    assert said.count("For example:") == len(approval.fields)
    assert "0 of" in app.get("progress")[0].proto.text and "Still missing" in said
    assert "does not ask again" in str([one.label for one in app.expander])


def test_each_kind_of_answer_is_saved_at_once(desk: World) -> None:
    id = bare(desk)
    app = opened(desk, id)
    area(app, "Which product").set_value(f"Returns {HOSTILE}").run()
    radio = next(one for one in app.radio if one.label.startswith("Who will see"))
    radio.set_value("Customers").run()
    next(one for one in app.radio if one.label.startswith("Can a wrong")).set_value("No").run()
    app.number_input[1].set_value(0.1).run()
    app.number_input[2].set_value(10.0).run()
    assert not app.exception
    assert given(id) == {
        "product": f"Returns {HOSTILE}", "reach": "customers", "can_be_undone": False,
        "base_parameters": 0.1, "training_tokens": 10,
    }  # fmt: skip
    assert "Tier so far: High" in texts(app)
    area(app, "Which product").set_value("").run()
    assert "product" not in given(id)
    again = opened(desk, id)
    assert again.number_input[2].value == 10 and not again.warning


def test_an_answer_that_does_not_fit_is_said_and_taken_away(desk: World) -> None:
    id = desk.proposal(reach="the moon")
    app = opened(desk, id)
    assert "is no possible answer" in app.warning[0].value
    press(app, "Take it away")
    assert "reach" not in given(id)


def test_two_windows_do_not_overwrite_each_other(desk: World) -> None:
    id = desk.proposal()
    app = opened(desk, id)
    desk.edit(id, rollback="Theirs.")
    area(app, "How does one go back").set_value("Mine.").run()
    assert given(id)["rollback"] == "Theirs."
    assert "Something else was saved here meanwhile" in texts(app)


def test_what_is_whole_is_submitted_once(desk: World) -> None:
    id = desk.proposal(reason_against_advice=AGAINST)
    app = opened(desk, id)
    assert "Everything that is needed is there" in texts(app)
    area(app, "How does one go back").set_value("The prompt of today, in five minutes.")
    press(app, "Submit version 1 for review")
    seen = view(desk.store, id, desk.book)
    assert (seen.state, seen.about.version) == (State.SUBMITTED, 2)
    assert "It waits for a reviewer now" in app.success[0].value
    assert not [one for one in app.button if one.label.startswith("Submit version")]
    assert all(one.disabled for one in app.text_area if one.label != "note")


def test_what_is_submitted_is_not_judged_again_for_a_reviewer_after_a_restart(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = desk.proposal(reason_against_advice=AGAINST)
    press(opened(desk, id), "Submit version 1 for review")
    st.cache_resource.clear()
    monkeypatch.setattr("advisor.triage.recommend.triage", lambda *_: pytest.fail("judged again"))
    assert "The case against" in texts(shown(desk, id, Role.REVIEWER, "dossier"))


def test_what_is_missing_is_said_in_place_of_submitting(desk: World) -> None:
    id = desk.proposal(rollback="")
    app = opened(desk, id)
    press(app, "Submit version 1 for review")
    assert "rollback: is not filled in" in app.error[0].value.replace("\\", "")
    assert view(desk.store, id, desk.book).state is State.DRAFT


def test_another_owners_proposal_is_not_submitted(desk: World) -> None:
    other = desk.people.add("Another", None, [Role.OWNER], desk.admin, key()).id
    app = opened(desk, desk.proposal(), other)
    assert "Only somebody who wrote this proposal" in app.info[0].value


def test_changes_that_were_asked_for_come_first_and_are_submitted_again(desk: World) -> None:
    id = desk.at(State.CHANGES, reason_against_advice=AGAINST)
    app = opened(desk, id)
    assert "asked for changes" in texts(app) and REASON.split(",")[0] in texts(app)
    area(app, "How does one go back").set_value("Better.").run()
    press(app, "Submit version 2 for review")
    assert view(desk.store, id, desk.book).state is State.SUBMITTED
    press(app, "Withdraw version 2")
    assert view(desk.store, id, desk.book).history[-1].action is Action.WITHDRAW


def test_nothing_is_changed_by_accident_once_it_is_submitted(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    app = opened(desk, id)
    assert all(one.disabled for one in app.number_input)
    app.toggle[0].set_value(True).run()
    area(app, "How does one go back").set_value("Better.").run()
    assert view(desk.store, id, desk.book).state is State.DRAFT


def test_the_way_in_stands_where_fine_tuning_is_asked_for(desk: World) -> None:
    app = shown(desk, desk.proposal(), Role.OWNER, "recommendation")
    links = [one.proto.label for one in app.get("page_link")]
    assert "Submit for review" in links


def test_hostile_files_never_break_it(desk: World) -> None:
    review = {"made_up": "x", "epochs": "many", "rollback": 7, "product": None, "reach": HOSTILE}
    id = desk.proposal()
    desk.store.edit(id, {"review": review}, desk.who[Role.OWNER], key())
    app = opened(desk, id)
    assert "<script>" not in texts(app) and len(app.warning) == 3
