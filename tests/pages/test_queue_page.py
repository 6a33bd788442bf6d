"""The queue on the screen: who sees it, what it says first, and its filters in the address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_screens import at, people, shown
from screens import HOSTILE, button, field, press, texts, window
from streamlit.testing.v1 import AppTest
from world import World

from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.review_queue import ROWS
from advisor.review.notifying.sending import send_due
from advisor.review.queue.open_conditions import list_open_conditions


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    with people(tmp_path / "home") as found:
        yield found


def opened(desk: World, by: Role = Role.REVIEWER, **address: str) -> AppTest:
    """Open the queue at an address as one of the people."""
    return at(desk, by, "queue", **address)


def unfolded(desk: World, by: Role = Role.REVIEWER) -> AppTest:
    """Open the queue with its conditions unfolded."""
    return unfold(opened(desk, by), "conditions")


def unfold(app: AppTest, what: str) -> AppTest:
    """Unfold a part of the queue, as a click on it does."""
    app.session_state[f"queue-{what}"] = True
    return app.run()


def entitle(desk: World, id: str, title: str) -> str:
    statement = "UPDATE proposal SET title = :t, title_folded = :f WHERE id = :i"
    desk.sql(statement, t=title, f=title.casefold(), i=id)
    return id


def titles(app: AppTest) -> list[str]:
    """Return the labels of links to dossiers, in order."""
    links = (item.proto for item in app.get("page_link"))
    return [link.label.strip("*") for link in links if link.page.endswith("dossier")]


def address(app: AppTest) -> dict[str, Any]:
    given = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in given}


@pytest.mark.parametrize("role", [None, Role.OWNER, Role.RUNNER, Role.ADMINISTRATOR])
def test_without_the_role_nothing_is_shown(desk: World, role: Role | None) -> None:
    entitle(desk, desk.at(State.SUBMITTED), "Secret")
    app = opened(desk, role) if role else window("queue")
    assert "This page needs the role reviewer, risk or auditor" in texts(app)
    assert titles(app) == [] and "Secret" not in texts(app)


def test_an_empty_queue_says_how_things_come_here(desk: World) -> None:
    said = texts(opened(desk))
    assert "Nothing waits for a decision" in said and "Nothing was handed in" in said


def test_the_answer_comes_first_and_nothing_is_decided_here(desk: World) -> None:
    id = entitle(desk, desk.at(State.SUBMITTED), "Letters of customers")
    at = datetime.now(UTC) - timedelta(days=12, hours=1)
    desk.sql("UPDATE review SET since = :s WHERE proposal_id = :i", s=at, i=id)
    desk.at(State.EVALUATED, advice="retrieval", reason_against_advice="No network there.")
    app = opened(desk)
    first = next(item.value for item in app.markdown if item.value.startswith("## "))
    assert first == "## **2 wait for you**, the oldest for 12 days. 1 is overdue."
    said = texts(app)
    assert titles(app) == ["Letters of customers", "Letters"]
    assert "Approval of a pilot · Low tier · version 1 · by Somebody" in said
    assert "Overdue" in said and "Advisor disagrees" in said
    assert not [item for item in app.button if "pprove" in item.label]


def test_the_auditor_reads_and_is_not_waited_for(desk: World) -> None:
    desk.at(State.SUBMITTED)
    app = opened(desk, Role.AUDITOR)
    assert "1 waits for a decision" in texts(app)
    assert "Only what waits for me" not in [item.label for item in app.toggle]


def test_filters_stand_in_the_address_and_come_back_from_it(desk: World) -> None:
    entitle(desk, desk.at(State.SUBMITTED), "First letters")
    entitle(desk, desk.at(State.APPROVED), "Second letters")
    app = opened(desk, show="all")
    assert sorted(titles(app)) == ["First letters", "Second letters"]
    field(app, "Search titles").set_value("second").run()
    assert titles(app) == ["Second letters"] and address(app)["q"] == "second"
    assert "Order" not in [one.label for one in app.selectbox]  # what is folded is not sent
    field(unfold(app, "more"), "Order").set_value("title").run()
    assert address(app) == {"show": "all", "q": "second", "order": "title"}
    again = opened(desk, **address(app))
    assert titles(again) == ["Second letters"]
    assert field(again, "Search titles").value == "second"
    press(again, "Show everything that waits")
    assert address(again) == {} and titles(again) == ["First letters"]


def test_only_what_waits_for_me_can_be_shown(desk: World) -> None:
    desk.at(State.SUBMITTED)
    voted = entitle(desk, desk.at(State.SUBMITTED), "Abstained")
    desk.decide(voted, Action.ABSTAIN, Role.REVIEWER)
    app = opened(desk)
    assert len(titles(app)) == 2
    app.toggle[0].set_value(True).run()
    assert titles(app) == ["Letters"] and address(app) == {"mine": "yes"}


def test_nonsense_in_the_address_is_no_fault(desk: World) -> None:
    desk.at(State.SUBMITTED)
    app = opened(
        desk, show="x", asked="x", tier="x", owner=HOSTILE, page="-1", order="\x00", q=HOSTILE
    )
    assert titles(app) == [] and "Nothing fits" in texts(app)
    assert titles(opened(desk, show="x", flag="x", order="x", page="99999999999")) == ["Letters"]


def test_texts_of_people_are_shown_as_typed(desk: World) -> None:
    entitle(desk, desk.at(State.SUBMITTED), HOSTILE)
    desk.sql("UPDATE person SET name = :n WHERE id = :i", n=HOSTILE, i=desk.who[Role.OWNER])
    said = texts(opened(desk)) + str(titles(opened(desk)))
    assert "<script>" not in said and "**bold**" not in said.replace("\\*", "")


def test_many_are_turned_over_page_by_page(desk: World) -> None:
    one = desk.at(State.SUBMITTED)
    columns = "state, version, content, tier, since, asked, agreed, agreed_risk, against, stale"
    for number in range(ROWS):
        id = desk.proposal()
        entitle(desk, id, f"Number {number:02}")
        desk.sql(f"INSERT INTO review (proposal_id, {columns}) SELECT :i, {columns} FROM review "
                 "WHERE proposal_id = :o", i=id, o=one)  # fmt: skip
    app = opened(desk, order="title")
    assert len(titles(app)) == ROWS and f"{ROWS + 1} in all" in texts(app)
    assert len(titles(opened(desk, order="title", page="2"))) == 1


def test_a_reviewer_marks_a_condition_as_met_and_an_auditor_cannot(desk: World) -> None:
    id = desk.at(State.SUBMITTED)
    term = {"what": "Delete the data after the pilot", "owner": desk.who[Role.OWNER],
            "due": (datetime.now(UTC) + timedelta(days=5)).date()}  # fmt: skip
    desk.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    assert "Delete the data" not in texts(opened(desk)), "what is folded is not sent"
    watched = unfolded(desk, Role.AUDITOR)
    assert "Delete the data after the pilot" in texts(watched)
    assert "Mark as met" not in [item.label for item in watched.button]
    app = unfolded(desk)
    assert [item.label for item in app.expander][-1] == "Conditions of approvals: 1 open"
    press(app, "Mark as met")
    assert list_open_conditions(desk.store, 9).total == 0
    assert "Delete the data" not in texts(app)
    with pytest.raises(StopIteration):
        button(app, "Mark as met")


def test_administrators_see_what_did_not_arrive_and_why(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = shown(desk, "", Role.ADMINISTRATOR, "people")
    assert "Nobody is told of decisions outside the advisor" in texts(app)
    monkeypatch.setenv("ADVISOR_WEBHOOK_URL", "http://127.0.0.1:9/services/hunter2-secret")
    entitle(desk, desk.at(State.SUBMITTED), HOSTILE)
    send_due(desk.store)
    said = texts(shown(desk, "", Role.ADMINISTRATOR, "people"))
    assert "People are told of decisions by a webhook. 1 message to be sent." in said
    assert "Is tried again, tried once: the webhook cannot be reached" in said
    assert "hunter2" not in said and "<script>" not in said
