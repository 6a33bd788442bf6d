"""A pilot of a proposal under review starts only under an approval that holds."""

from __future__ import annotations

from typing import Any

import pytest
from world import World, key

from advisor.domain.cases import Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.lifecycle import Action, Role, State
from advisor.domain.pilot_spec import Spec, Task
from advisor.errors import InputError
from advisor.pilot.running.queue import actions
from advisor.review.decisions.gate import check_start


def spec(proposal: str | None, minutes: float = 30) -> Spec:
    return Spec.model_validate({
        "title": "Mail", "proposal": proposal, "task": Task.CLASSIFICATION,
        "instruction": "Which?", "budget": {"minutes": minutes},
    })  # fmt: skip


@pytest.mark.parametrize("state", [None, *State])
def test_where_a_proposal_stands_decides_whether_a_pilot_starts(
    quick: World, state: State | None
) -> None:
    may = state in {None, State.DRAFT, State.PILOT, State.EVALUATED}
    id = quick.standing(state) if state else None
    if may:
        check_start(quick.store, spec(id))
    else:
        with pytest.raises(InputError, match="proposal: Not approved"):
            check_start(quick.store, spec(id))


def test_an_edit_after_submission_frees_nothing(quick: World) -> None:
    id = quick.at(State.PILOT)
    quick.edit(id, rollback="Another.")
    assert quick.state(id) is State.DRAFT
    with pytest.raises(InputError, match="It is a draft"):
        check_start(quick.store, spec(id))


def test_a_pilot_asks_for_no_more_time_than_was_approved(quick: World) -> None:
    id = quick.at(State.SUBMITTED)
    quick.decide(id, Action.APPROVE_PILOT, Role.REVIEWER, minutes=45)
    check_start(quick.store, spec(id, 45))
    with pytest.raises(InputError, match="budget.minutes: is 46; 45 are approved"):
        check_start(quick.store, spec(id, 46))


def test_the_queue_refuses_before_anything_is_written(
    quick: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    monkeypatch.setattr(actions, "ensure_worker", started.append)  # no process in a test
    cases = (Case(id="a", input="x", expected="y"), Case(id="b", input="x", expected="y"))
    data = Dataset(cases[:1], cases[1:], ())
    refused, fine = quick.at(State.SUBMITTED), quick.at(State.PILOT)
    with pytest.raises(InputError):
        actions.queue(quick.store, Frozen(spec(refused), data, (), ()), "ann", key(), check_start)
    assert not quick.store.pilots.all(proposal=refused) and not started
    id = actions.queue(quick.store, Frozen(spec(fine), data, (), ()), "ann", key(), check_start)
    assert quick.store.pilots.info(id).state == "queued" and started
    quick.store.pilots.ask(id, "cancel", "ann", key())
