"""The monthly list of overrides: who, why, until when, and in which months."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from world import CONTROL, RISK, World, key, whole

from advisor.domain.lifecycle import Action, Role, State
from advisor.review.decisions.overrides import Overridden, month, overrides, overrides_csv


def overridden(world: World, **more: object) -> str:
    id = world.at(State.SUBMITTED, **more)
    world.service.decide(id, whole(world, id, Action.OVERRIDE), world.who[Role.RISK], key())
    return id


def of(world: World, id: str, day: date) -> list[Overridden]:
    return [one for one in overrides(world.store, world.book, day) if one.proposal == id]


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [(date(2026, 12, 31), (2026, 12), (2027, 1)), (date(2027, 1, 1), (2027, 1), (2027, 2))],
)
def test_a_month_ends_where_the_next_begins(
    day: date, first: tuple[int, int], after: tuple[int, int]
) -> None:
    assert month(day) == (datetime(*first, 1, tzinfo=UTC), datetime(*after, 1, tzinfo=UTC))


def test_an_override_is_listed_while_it_holds(world: World) -> None:
    today = datetime.now(UTC).date()
    id = overridden(world)
    (one,) = of(world, id, today)
    assert (one.by, one.name, one.kind) == (world.who[Role.RISK], "Somebody", "pilot")
    assert (one.accepted_risk, one.control) == (RISK, CONTROL)
    assert one.last_day == today + timedelta(days=20) and one.ended_at is None
    assert of(world, id, one.last_day) and not of(world, id, today + timedelta(days=90))
    assert not of(world, id, today - timedelta(days=40))


def test_one_that_was_ended_is_listed_until_then_with_the_reason(world: World) -> None:
    id = overridden(world)
    world.decide(id, Action.REVOKE, Role.RISK)
    (one,) = of(world, id, datetime.now(UTC).date())
    assert one.ended_at and one.ended_why == "Revoke the approval"
    assert one.ends == one.ended_at


def test_where_two_must_agree_each_override_is_listed(world: World) -> None:
    id = overridden(world, affects_rights="yes")
    assert not of(world, id, datetime.now(UTC).date()), "nothing is approved yet"
    other = world.person(Role.RISK)
    world.service.decide(id, whole(world, id, Action.OVERRIDE), other, key())
    found = of(world, id, datetime.now(UTC).date())
    assert {one.by for one in found} == {world.who[Role.RISK], other}


def test_an_approval_without_override_is_not_listed(world: World) -> None:
    assert not of(world, world.at(State.APPROVED), datetime.now(UTC).date())


def test_a_spreadsheet_obeys_nothing(quick: World) -> None:
    id = overridden(quick)
    quick.store.edit(id, {"title": "=HYPERLINK(1)"}, quick.who[Role.OWNER], key())
    rows = list(
        csv.reader(overrides_csv(tuple(of(quick, id, datetime.now(UTC).date()))).split("\n"))
    )
    assert rows[0][0] == "proposal" and not rows[1][1].startswith("=")
