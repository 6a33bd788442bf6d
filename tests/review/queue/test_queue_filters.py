"""Filters, order, pages and addresses of the queue."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from queues import age, entitle, shown, word
from world import World

from advisor.domain.lifecycle import Role, State
from advisor.domain.review_queue import (
    ROWS,
    AskedDecision,
    Filters,
    Flag,
    QueueOrder,
    QueuePage,
    QueueQuery,
    QueueReader,
    StateGroup,
    wanted_of,
)
from advisor.review.queue.queue_page import owners, queue


def test_overdue_comes_first_then_the_tier_then_age(world: World) -> None:
    name = word()
    ages = {"low old": 9.0, "low late": 11.0, "high new": 0.0, "high old": 2.0, "high late": 5.5}
    for title, days in ages.items():
        more = {"affects_rights": "yes"} if "high" in title else {}
        age(world, entitle(world, world.at(State.SUBMITTED, **more), f"{name} {title}"), days)
    found = shown(world, text=name).rows
    titles = [one.title.removeprefix(f"{name} ") for one in found]
    assert titles == ["high late", "low late", "high old", "high new", "low old"]
    assert [one.overdue for one in found] == [True, True, False, False, False]
    oldest = shown(world, text=name, order=QueueOrder.OLDEST).rows
    assert [one.days for one in oldest] == [11, 9, 5, 2, 0]
    assert shown(world, text=name, order=QueueOrder.NEWEST).rows == oldest[::-1]


def test_filters_narrow_and_counts_follow_them(world: World) -> None:
    name = word()
    for state in (State.SUBMITTED, State.SUBMITTED, State.EVALUATED, State.REFUSED):
        entitle(world, world.at(state), f"{name} 100% _under_")
    found = shown(world, text=name, group=StateGroup.WAITING)
    assert found.total == 3 and len(found.rows) == 3
    assert (found.counts[StateGroup.WAITING], found.counts[StateGroup.ENDED]) == (3, 1)
    assert shown(world, text=name, asked=AskedDecision.ADOPTION).total == 1
    assert shown(world, text=name, owner=world.who[Role.OWNER]).total == 4
    assert shown(world, text=name, owner="nobody").total == 0
    assert shown(world, text=name, tier="high").total == 0
    assert shown(world, text=f"{name.upper()} 0%").total == 4
    assert shown(world, text=f"{name} 0_").total == 0
    assert shown(world, text=name, mine=True).total == 3
    assert shown(world, Role.AUDITOR, text=name, mine=True).total == 0
    assert shown(world, text="\x00").total == 0 == shown(world, owner="\ud800").total
    assert world.who[Role.OWNER] in owners(world.store)


def test_a_page_has_so_many_rows_and_one_beyond_the_last_has_none(quick: World) -> None:
    name = word()
    for number in range(ROWS + 2):
        entitle(quick, quick.at(State.SUBMITTED), f"{name} {number:02}")
    first = shown(quick, text=name, order=QueueOrder.TITLE)
    assert first.total == ROWS + 2 and len(first.rows) == ROWS
    who = QueueReader(quick.who[Role.REVIEWER], frozenset({Role.REVIEWER}))

    def turned(page: int) -> QueuePage:
        wanted = QueueQuery(Filters(group=None, text=name), QueueOrder.TITLE, page)
        return queue(quick.store, quick.book, who, wanted)

    assert [one.title[-2:] for one in turned(2).rows] == [f"{n:02}" for n in range(ROWS, ROWS + 2)]
    assert turned(3).rows == () and turned(10**9).rows == () and turned(-5) == turned(1)


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from("show q mine asked flag tier owner order page".split()),
                       st.text(max_size=30)))  # fmt: skip
def test_any_address_of_the_queue_can_be_opened(quick: World, address: dict[str, str]) -> None:
    who = QueueReader(quick.who[Role.REVIEWER], frozenset({Role.REVIEWER}))
    found = queue(quick.store, quick.book, who, wanted_of(address))
    assert found.total >= len(found.rows)


def test_an_address_says_which_filters_are_on() -> None:
    found = wanted_of({
        "show": "all",
        "flag": "stale",
        "mine": "yes",
        "order": "oldest",
        "page": "3",
    })
    assert found == QueueQuery(
        Filters(group=None, mine=True, flag=Flag.STALE), QueueOrder.OLDEST, 3
    )
    nonsense = {"show": "x", "flag": "x", "mine": "no", "order": "x", "page": "-1", "asked": ""}
    assert wanted_of(nonsense) == wanted_of({}) == QueueQuery()
