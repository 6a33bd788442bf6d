"""Who is told of what: written with the decision, and sent afterwards at least once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from posts import PASSWORD, Hook, Post
from sqlalchemy import text
from world import World, key

from advisor.domain.lifecycle import Action, Role, State
from advisor.errors import ConflictError
from advisor.review.notifying.notices import remind
from advisor.review.notifying.sending import MINE, PATIENCE, again, send_due
from advisor.review.people.people import People
from advisor.review.queue.upkeep import expire_due
from advisor.store import Store
from advisor.store.database.sessions import Database, database_url
from advisor.store.review import message_outbox

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """People with addresses, one of each role."""
    file = tmp_path_factory.mktemp("notifying") / "advisor.sqlite3"
    opened = Store(Database(database_url(f"sqlite:///{file}")))
    root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    found = World(opened, root, f"sqlite:///{file}")
    for role, person in found.who.items():
        found.sql("UPDATE person SET email = :e, name = :n WHERE id = :i",
                  e=f"{role}@example.org", n=f"The {role}", i=person)  # fmt: skip
    yield found
    opened.close()


@pytest.fixture(autouse=True)
def settings_of_this_test(
    home: Path, monkeypatch: pytest.MonkeyPatch, desk: World
) -> Iterator[None]:
    """No way out is open until a test opens one; nothing is left over."""
    for name in ("ADVISOR_WEBHOOK_URL", "ADVISOR_SMTP_URL", "ADVISOR_MAIL_FROM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ADVISOR_PUBLIC_URL", "https://advisor.example")
    yield
    desk.sql("DELETE FROM outbox")


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server that is up and that the settings name."""
    server = Post()
    monkeypatch.setenv("ADVISOR_SMTP_URL", server.url)
    with server.up():
        yield server


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Hook:
    """A webhook that the settings name; it is down."""
    found = Hook()
    monkeypatch.setenv("ADVISOR_WEBHOOK_URL", found.url)
    return found


def subjects(post: Post) -> list[tuple[str, str]]:
    """Return who got what since the last look."""
    got = [(str(mail["To"]).partition("@")[0], str(mail["Subject"])) for mail in post.mails]
    post.mails.clear()
    return sorted(got)


def rows(desk: World) -> list[tuple[object, ...]]:
    query = "SELECT tries, sent_at IS NOT NULL, given_up_at IS NOT NULL, problem FROM outbox"
    with desk.store.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_every_step_is_told_to_those_it_concerns(desk: World, post: Post) -> None:
    id = desk.at(State.DRAFT)
    steps = (
        (Action.SUBMIT, Role.OWNER, ["reviewer", "risk"], "For review: Letters"),
        (Action.ABSTAIN, Role.RISK, [], ""),
        (Action.APPROVE_PILOT, Role.REVIEWER, ["owner"], "The pilot is approved: Letters"),
        (Action.RECORD_PILOT, Role.RUNNER, ["owner", "reviewer", "risk"],
         "The pilot has a result: Letters"),
        (Action.APPROVE, Role.REVIEWER, ["owner"], "Adoption is approved: Letters"),
        (Action.REVOKE, Role.RISK, ["owner"], "The approval was revoked: Letters"),
    )  # fmt: skip
    for action, by, who, subject in steps:
        desk.decide(id, action, by)
        assert send_due(desk.store) == len(who)
        assert subjects(post) == [(one, subject) for one in who]
    assert send_due(desk.store) == 0


def test_who_agreed_first_waits_for_others_who_are_told(desk: World, post: Post) -> None:
    id = desk.at(State.SUBMITTED, affects_rights="yes")
    desk.sql("DELETE FROM outbox")
    desk.decide(id, Action.APPROVE_PILOT, Role.REVIEWER)
    send_due(desk.store)
    assert subjects(post) == [("risk", "One agreed, others must, too: Letters")]


def test_mail_says_why_what_is_asked_and_where(desk: World, post: Post) -> None:
    id = desk.at(State.SUBMITTED)
    term = {"what": "Delete the data after the pilot", "owner": desk.who[Role.OWNER],
            "due": (NOW + timedelta(days=9)).date()}  # fmt: skip
    desk.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=[term])
    send_due(desk.store)
    found = next(mail for mail in post.mails if "approved" in mail["Subject"]).get_content()
    assert "Version 1, by The reviewer." in found
    assert "Reason: The labels are steady" in found
    assert "Condition: Delete the data after the pilot (The owner, by " in found
    assert f"https://advisor.example/dossier?p={id}" in found


def test_a_channel_that_many_read_is_not_told_the_reason(desk: World, hook: Hook) -> None:
    with hook.up():
        id = desk.at(State.REFUSED)
        assert send_due(desk.store) == 2
    assert [body["text"] for body in hook.bodies] == ["For review: Letters", "Refused: Letters"]
    assert "steady" not in str(hook.bodies) and f"/dossier?p={id}" in str(hook.bodies)


def test_without_a_way_out_nothing_is_put_in(desk: World) -> None:
    desk.at(State.REFUSED)
    assert rows(desk) == []


def test_what_is_refused_tells_nobody(desk: World, hook: Hook) -> None:
    id = desk.at(State.REFUSED)
    desk.sql("DELETE FROM outbox")
    with pytest.raises(ConflictError):
        desk.decide(id, Action.REFUSE, Role.REVIEWER)
    assert rows(desk) == []


def test_a_decision_stands_though_the_webhook_is_down_and_is_told_when_it_is_up(
    desk: World, hook: Hook
) -> None:
    id = desk.at(State.SUBMITTED)
    assert desk.state(id) is State.SUBMITTED
    assert send_due(desk.store) == 0
    ((tries, sent, over, problem),) = rows(desk)
    assert (tries, sent, over) == (1, 0, 0) and "cannot be reached" in str(problem)
    with hook.up():
        assert send_due(desk.store) == 0  # it is not time yet
        assert send_due(desk.store, datetime.now(UTC) + timedelta(minutes=5)) == 1
        assert send_due(desk.store, NOW + timedelta(days=9)) == 0
    assert len(hook.bodies) == 1 and rows(desk) == [(2, 1, 0, "")]


def test_a_closed_way_is_tried_once_and_the_others_wait_without_being_tried(
    desk: World, hook: Hook
) -> None:
    for _ in range(3):
        desk.at(State.SUBMITTED)
    send_due(desk.store)
    assert sorted(row[0] for row in rows(desk)) == [0, 0, 1]
    with hook.up():
        assert send_due(desk.store, datetime.now(UTC) + timedelta(minutes=10)) == 3


def test_after_days_it_is_given_up_and_administrators_see_why(desk: World, hook: Hook) -> None:
    hook.status = 500
    with hook.up():
        id = desk.at(State.SUBMITTED)
        at = NOW
        while not rows(desk)[0][2]:
            at += timedelta(hours=7)
            send_due(desk.store, at)
            assert at - NOW < PATIENCE + timedelta(days=1)
    assert at - NOW >= PATIENCE
    with desk.store.database.read() as connection:
        (failed,) = message_outbox.troubles(connection)
    assert (failed.given_up, failed.problem) == (True, "the webhook answered 500")
    assert (failed.proposal, failed.channel, failed.tries) == (id, "webhook", len(hook.bodies))
    assert desk.state(id) is State.SUBMITTED
    assert len({headers["idempotency-key"] for headers in hook.headers}) == 1


def test_waits_grow_and_end_at_six_hours() -> None:
    waits = [again(tries) for tries in range(1, 40)]
    assert waits[:3] == [timedelta(minutes=one) for one in (1, 2, 4)]
    assert waits == sorted(waits) and waits[-1] == timedelta(hours=6)


def test_one_recipient_who_is_refused_keeps_nobody_else_waiting(desk: World, post: Post) -> None:
    post.reply = lambda address: "550 No such user" if "risk" in address else "250 OK"
    desk.at(State.SUBMITTED)
    assert send_due(desk.store) == 1
    assert subjects(post) == [("reviewer", "For review: Letters")]
    with desk.store.database.read() as connection:
        (failed,) = message_outbox.troubles(connection)
    assert failed.given_up and failed.person == desk.who[Role.RISK]
    assert "550 No such user" in failed.problem


def test_who_was_erased_meanwhile_is_not_written_to(desk: World, post: Post) -> None:
    gone = desk.people.add("Gone", f"{key()}@example.org", [Role.REVIEWER], desk.admin, key()).id
    desk.at(State.SUBMITTED)
    desk.people.erase(gone, desk.admin, key())
    assert send_due(desk.store) == 2
    assert [row[2] for row in rows(desk)].count(1) == 1 and len(post.mails) == 2


def test_two_processes_send_each_message_once(desk: World, hook: Hook) -> None:
    desk.at(State.SUBMITTED)
    with desk.store.database.read() as connection:
        (one,) = message_outbox.due(connection, datetime.now(UTC), 5)
    took = []
    for _ in range(2):
        with desk.store.database.write() as connection:
            took.append(message_outbox.take(connection, one, datetime.now(UTC) + MINE))
    assert took == [True, False]


def test_who_is_killed_while_sending_has_it_sent_again_with_the_same_id(
    desk: World, hook: Hook, tmp_path: Path
) -> None:
    hook.wait = 2.0
    desk.at(State.SUBMITTED)
    code = textwrap.dedent("""
        import sys
        from advisor.review.notifying.sending import send_due
        from advisor.store import open_store
        print("ready", flush=True)
        send_due(open_store())
    """)
    with hook.up():
        sender = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE,
            env=os.environ | {"ADVISOR_DATABASE_URL": desk.url},
        )  # fmt: skip
        assert sender.stdout and sender.stdout.readline() == b"ready\n"
        while not any(row[0] for row in rows(desk)):
            assert sender.poll() is None
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        sender.stdout.close()
        hook.wait = 0.0
        assert send_due(desk.store) == 0  # another one may be at it
        assert send_due(desk.store, datetime.now(UTC) + MINE + timedelta(seconds=1)) == 1
    assert {headers["idempotency-key"] for headers in hook.headers} != set()
    assert len({headers["idempotency-key"] for headers in hook.headers}) == 1
    assert rows(desk) == [(2, 1, 0, "")]


def lasting(desk: World, id: str, days: float, whole: float) -> None:
    desk.sql("UPDATE lease SET expires_at = :e, granted_at = :g WHERE proposal_id = :i",
             e=NOW + timedelta(days=days), g=NOW + timedelta(days=days - whole), i=id)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "whole", "told"),
    [(40, 365, False), (29, 365, True), (6, 365, True), (29, 30, False), (6, 30, True)],
)
def test_an_end_is_told_30_and_7_days_before_once(
    desk: World, post: Post, days: float, whole: float, told: bool
) -> None:
    id = desk.standing(State.APPROVED)
    desk.sql("DELETE FROM outbox")
    lasting(desk, id, days, whole)
    remind(desk.store)
    remind(desk.store)
    send_due(desk.store)
    got = subjects(post)
    assert [who for who, _ in got] == (["owner", "reviewer", "risk"] if told else [])
    assert all(subject.startswith("The approval ends on ") for _, subject in got)
    lasting(desk, id, 300, 365)


def test_both_notices_come_when_time_passes(desk: World, post: Post) -> None:
    id = desk.standing(State.APPROVED)
    desk.sql("DELETE FROM outbox")
    for days in (29, 20, 7, 3):
        lasting(desk, id, days, 365)
        remind(desk.store)
    send_due(desk.store)
    assert len(subjects(post)) == 6
    lasting(desk, id, 300, 365)


def test_whoever_must_meet_a_condition_is_told_a_week_before(desk: World, post: Post) -> None:
    id = desk.at(State.SUBMITTED)
    terms = []
    for days in (7, 12):
        term = {"what": f"Show it to the council in {days} days", "owner": desk.who[Role.RUNNER],
                "due": (NOW + timedelta(days=days)).date()}  # fmt: skip
        terms.append(term)
    desk.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, conditions=terms)
    desk.sql("DELETE FROM outbox")
    remind(desk.store)
    remind(desk.store)
    send_due(desk.store)
    ((who, subject),) = [(str(m["To"]), str(m["Subject"])) for m in post.mails]
    assert who == "runner@example.org" and subject.startswith("A condition is due on ")
    content = post.mails[0].get_content()
    assert "in 7 days" in content and "in 12 days" not in content


def test_an_approval_that_ends_is_told(desk: World, hook: Hook) -> None:
    id = desk.at(State.APPROVED)
    desk.end_lease(id)
    desk.sql("DELETE FROM outbox")
    expire_due(desk.store, desk.book)
    with hook.up():
        assert send_due(desk.store) == 1
    assert hook.bodies[0]["text"] == "The approval is over: Letters"
    assert PASSWORD not in str(hook.bodies)


def test_old_messages_are_forgotten_and_those_to_be_sent_are_not(desk: World, hook: Hook) -> None:
    with hook.up():
        desk.at(State.SUBMITTED)
        send_due(desk.store)
    desk.at(State.SUBMITTED)
    with desk.store.database.write() as connection:
        message_outbox.clear(connection, NOW)
        assert message_outbox.waiting(connection) == 1
        message_outbox.clear(connection, NOW + timedelta(days=91))
    assert rows(desk) == [(0, 0, 0, "")]


def test_the_outbox_is_the_same_on_both_databases(world: World, hook: Hook) -> None:
    with hook.up():
        send_due(world.store)
        world.at(State.SUBMITTED)
        assert send_due(world.store) == 1
        world.at(State.SUBMITTED)
        hook.status = 500
        assert send_due(world.store) == 0
        with world.store.database.write() as connection:
            assert message_outbox.waiting(connection) == 1
            assert [one.problem for one in message_outbox.troubles(connection)] == [
                "the webhook answered 500"
            ]
            message_outbox.clear(connection, NOW + timedelta(days=91))
        hook.status = 200
        assert send_due(world.store, datetime.now(UTC) + timedelta(hours=1)) == 1
