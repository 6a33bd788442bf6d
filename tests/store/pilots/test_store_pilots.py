"""Pilots wait in a queue that workers share: taken once, kept block by block, never lost."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import text

from advisor.domain.cases import Case, Dataset, Document
from advisor.domain.comparison import Comparison, Verdict, VerdictOutcome
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, ArmRun, Finding, Loss, PilotResult, Usage
from advisor.domain.pilot_spec import ArmName, Spec, Task
from advisor.domain.pilot_state import Claim, Needs, Worker
from advisor.errors import ConflictError, InputError, NotFoundError
from advisor.proposal import Draft
from advisor.store import Store
from advisor.store.pilots.pilot_statements import DEATHS, SILENT, this_host

NEEDS = Needs(4)
RUN = ArmRun(arm=ArmName.PROMPT, state="waiting")


def frozen(title: str = "Mail", proposal: str | None = None) -> Frozen:
    spec = Spec.model_validate({
        "title": title,
        "proposal": proposal,
        "task": Task.CLASSIFICATION,
        "instruction": "Which label?",
        "schema": {"type": "string"},
    })
    train = tuple(Case(id=f"t{n}", input=f"text {n}", expected="a\x00b") for n in range(3))
    test = (Case(id="x", input="in", expected="a", group="g", slice="s", gold=("d",)),)
    data = Dataset(train, test, (Document(id="d", text="body", title="head"),))
    note = Finding(check="copies", severity="note", what="1 copy was removed.")
    return Frozen(spec, data, (("x", "out"),), (note,))


def worker(id: str = "w1", memory: float = 8, gpu: bool = False, host: str = "far") -> Worker:
    return Worker(id, host, os.getpid(), "2 cores", gpu, memory)


def add(store: Store, key: str = "k", needs: Needs = NEEDS, proposal: str | None = None) -> str:
    return store.pilots.add(frozen(proposal=proposal), "ann", key, needs)


def take(store: Store, who: Worker | None = None) -> Claim:
    who = who or worker()
    store.pilot_work.enter(who)
    claim = store.pilot_work.take(who)
    assert claim
    return claim


def silence(store: Store, id: str, seconds: float = SILENT + 5) -> None:
    """Let a worker not have been seen for so long."""
    before = datetime.now(UTC) - timedelta(seconds=seconds)
    with store._database.write() as connection:
        connection.execute(
            text("UPDATE worker SET seen_at = :at WHERE id = :id"), {"at": before, "id": id}
        )


def result(pilot: str, outcome: VerdictOutcome = VerdictOutcome.CONFIRMED) -> PilotResult:
    verdict = Verdict(
        outcome=outcome, because="It won.", next="Go on.", recommended="prompt", named=True,
        primary=None, margin=0.1, best=None,
    )  # fmt: skip
    at = datetime.now(UTC)
    return PilotResult(
        pilot=pilot, hash="h" * 64, spec=frozen().spec, margin=0.1, started=at, finished=at,
        runs=(RUN,), comparison=Comparison(arms=(), comparisons=(), verdict=verdict),
    )  # fmt: skip


def test_a_pilot_reads_back_as_it_was_frozen(store: Store) -> None:
    id = add(store)
    assert store.pilots.frozen(id) == frozen()
    assert store.pilots.frozen(id).hash == frozen().hash == store.pilots.info(id).hash
    info = store.pilots.info(id)
    assert (info.title, info.state, info.why, info.over) == ("Mail", "queued", "", False)
    assert store.pilots.runs(id) == () and store.pilots.result(id) is None


def test_adding_twice_at_once_makes_one_pilot(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: add(store), range(8)))
    assert len(ids) == len(store.pilots.all()) == 1
    assert add(store, "other") not in ids


def test_the_list_is_by_person_and_proposal(store: Store) -> None:
    proposal = store.create(Draft(title="T"), "ann", "k").id
    ids = [add(store, "a", proposal=proposal), add(store, "b")]
    assert [one.id for one in store.pilots.all()] == ids[::-1]
    assert [one.id for one in store.pilots.all(proposal=proposal)] == ids[:1]
    assert store.pilots.all("ben") == store.pilots.all("a\x00") == ()


def test_a_proposal_that_does_not_exist_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="proposal"):
        add(store, proposal="nothing")


def test_a_pilot_that_does_not_exist_is_not_found(store: Store) -> None:
    reads = (store.pilots.info, store.pilots.frozen, store.pilots.runs, store.pilots.result)
    for id, read in product(("", "x", "a" * 20, "../../etc"), reads):
        with pytest.raises(NotFoundError, match="no such pilot"):
            read(id)


def test_the_one_that_waits_longest_is_taken_first(store: Store) -> None:
    ids = [add(store, str(number)) for number in range(2)]
    assert store.pilots.before(store.pilots.info(ids[1])) == 1
    assert take(store).pilot == ids[0]
    info = store.pilots.info(ids[0])
    assert (info.state, info.worker) == ("running", "w1") and info.started_at
    assert store.pilots.before(store.pilots.info(ids[1])) == 0


def test_workers_take_a_pilot_once(store: Store) -> None:
    ids = {add(store, str(number)) for number in range(4)}
    workers = [worker(f"w{number}") for number in range(8)]
    for one in workers:
        store.pilot_work.enter(one)
    with ThreadPoolExecutor(8) as pool:
        claims = [claim for claim in pool.map(store.pilot_work.take, workers) if claim]
    for one in workers:  # one that met a locked row looks again
        if len(claims) < 4 and (claim := store.pilot_work.take(one)):
            claims.append(claim)
    assert sorted(claim.pilot for claim in claims) == sorted(ids)


def test_a_worker_takes_what_its_machine_can_do(store: Store) -> None:
    for number, (needs, who) in enumerate([
        (Needs(4), worker("small", memory=3.9)),
        (Needs(4, gpu=True), worker("plain", memory=4)),
        (Needs(4), worker("fits", memory=4)),
        (Needs(4, gpu=True), worker("gpu", memory=4, gpu=True)),
    ]):
        id = add(store, str(number), needs)
        store.pilot_work.enter(who)
        taken = store.pilot_work.take(who)
        assert (taken is not None) == who.can(needs.memory_gb, needs.gpu) == (number >= 2)
        if taken is None:
            store.pilots.ask(id, "cancel", "ann", str(number))


def test_answers_are_kept_block_by_block(store: Store) -> None:
    id = add(store)
    claim = take(store)
    store.pilot_work.keep_runs(claim, [RUN, ArmRun(arm=ArmName.FINE_TUNING, state="waiting")])
    first = [ArmAnswer(case="x", text="a\x00\ud800", score=1.0, shown=("d",))]
    second = [ArmAnswer(case="y", text="b", cut=True, tokens_in=3)]
    running = RUN.model_copy(update={"state": "running"})
    store.pilot_work.keep_run(claim, running, first)
    done = ArmRun(
        arm=ArmName.PROMPT, usage=Usage(memory_mb=5), losses=(Loss(step=1, loss=0.5),),
        details={"odd": "\x00"},
    )  # fmt: skip
    store.pilot_work.keep_run(claim, done, second)
    runs = store.pilots.runs(id)
    assert [run.arm for run in runs] == [ArmName.PROMPT, ArmName.FINE_TUNING]
    assert runs[0] == done.model_copy(update={"answers": (*first, *second)})
    assert runs[1].state == "waiting"


def test_files_of_any_size_are_kept_and_replaced(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.store.pilots.pilot_work.PART_BYTES", 10)
    id, claim, file = add(store), take(store), tmp_path / "weights"
    store.pilot_work.keep_runs(claim, [RUN])
    for content in (b"0123456789" * 3 + b"rest", b"short"):
        file.write_bytes(content)
        store.pilot_work.keep_file(claim, RUN.key, "adapter/weights", file)
        assert store.pilots.artifact(id, RUN.key, "adapter/weights") == content
    assert store.pilots.artifacts(id, RUN.key) == ("adapter/weights",)
    with pytest.raises(NotFoundError):
        store.pilots.artifact(id, RUN.key, "other")


def test_the_log_is_numbered_and_its_end_is_read(store: Store) -> None:
    id, claim = add(store), take(store)
    store.pilot_work.say(claim, ["one", "two"])
    store.pilot_work.say(claim, [])
    store.pilot_work.say(claim, ["three"])
    assert [(line.number, line.text) for line in store.pilots.lines(id, last=2)] == [
        (2, "two"), (3, "three"),
    ]  # fmt: skip


def test_a_running_pilot_is_asked_and_a_waiting_one_changes_at_once(store: Store) -> None:
    id = add(store)
    assert store.pilots.ask(id, "pause", "ann", "1").state == "paused"
    assert store.pilots.ask(id, "resume", "ann", "2").state == "queued"
    claim = take(store)
    assert store.pilot_work.beat(claim, "{}", 3.5) == ""
    assert store.pilots.ask(id, "pause", "ann", "3").state == "running"
    assert store.pilot_work.beat(claim, '{"x": 1}', 4.5) == "pause"
    store.pilot_work.leave_pilot(claim, "paused")
    info = store.pilots.info(id)
    assert (info.state, info.asked, info.progress, info.spent) == ("paused", "", '{"x": 1}', 4.5)
    assert store.pilots.ask(id, "cancel", "ann", "4").state == "cancelled"
    assert store.pilots.info(id).finished_at


def test_asking_twice_with_one_key_asks_once(store: Store) -> None:
    id = add(store)
    store.pilots.ask(id, "pause", "ann", "1")
    store.pilots.ask(id, "resume", "ann", "2")
    assert store.pilots.ask(id, "pause", "ann", "1").state == "queued"


def test_of_a_pilot_that_is_over_nothing_can_be_asked(store: Store) -> None:
    id = add(store)
    store.pilots.ask(id, "cancel", "ann", "1")
    assert store.pilots.ask(id, "cancel", "ann", "2").state == "cancelled"
    with pytest.raises(ConflictError, match="cancelled"):
        store.pilots.ask(id, "resume", "ann", "3")


def test_a_result_is_kept_with_its_verdict_on_the_proposal(store: Store) -> None:
    proposal = store.create(Draft(title="T"), "ann", "k").id
    id = add(store, proposal=proposal)
    claim = take(store)
    found = result(id)
    store.pilot_work.finish(claim, "done", found)
    info = store.pilots.info(id)
    assert (info.state, info.outcome, info.worker, info.over) == ("done", "confirmed", None, True)
    assert store.pilots.result(id) == found
    said = store.pilots.verdicts(proposal)
    assert [(one.pilot, one.outcome, one.because) for one in said] == [(id, "confirmed", "It won.")]
    assert store.get(proposal).version == 1


def test_a_cancelled_pilot_may_still_get_its_result(store: Store) -> None:
    id = add(store)
    claim = take(store)
    store.pilot_work.cancelled(claim)
    assert store.pilots.info(id).state == "cancelled"
    store.pilot_work.finish(claim, "cancelled", result(id, VerdictOutcome.INCONCLUSIVE))
    assert store.pilots.result(id) is not None


@pytest.fixture
def lost(store: Store) -> Iterator[tuple[str, Claim]]:
    """A pilot whose worker was not seen for long, and the claim that worker still holds."""
    id = add(store)
    claim = take(store)
    store.pilot_work.keep_runs(claim, [RUN])
    silence(store, "w1")
    yield id, claim


def test_a_pilot_of_a_dead_worker_goes_to_another_one(
    store: Store, lost: tuple[str, Claim]
) -> None:
    id, old = lost
    assert store.pilots.workers() == []
    new = take(store, worker("w2"))
    assert (new.pilot, new.number, store.pilots.info(id).deaths) == (id, 2, 1)
    for write in (
        lambda: store.pilot_work.beat(old, "", 0),
        lambda: store.pilot_work.keep_run(old, RUN, []),
        lambda: store.pilot_work.say(old, ["x"]),
        lambda: store.pilot_work.finish(old, "done", result(id)),
    ):
        with pytest.raises(ConflictError, match="took this pilot over"):
            write()
    assert [one.id for one in store.pilots.workers()] == ["w2"]


def test_what_was_asked_of_a_dead_worker_happens(store: Store, lost: tuple[str, Claim]) -> None:
    assert store.pilots.ask(lost[0], "cancel", "ann", "c").state == "cancelled"


def test_a_process_that_ended_on_this_machine_is_dead_at_once(store: Store) -> None:
    id = add(store)
    gone = Worker("w1", this_host(), 2**22 + 1, "here", False, 8)
    take(store, gone)
    silence(store, "w1", 5)
    assert store.pilots.workers() == []
    assert store.pilots.ask(id, "pause", "ann", "p").state == "paused"


def test_after_many_deaths_a_person_must_look(store: Store) -> None:
    id = add(store)
    for number in range(DEATHS):
        take(store, worker(f"w{number}"))
        silence(store, f"w{number}")
    store.pilot_work.enter(worker("last"))
    assert store.pilot_work.take(worker("last")) is None
    info = store.pilots.info(id)
    assert info.state == "paused" and "resume" in info.why
    assert store.pilots.ask(id, "resume", "ann", "r").deaths == 0
    assert take(store, worker("again")).pilot == id


def test_a_worker_that_leaves_gives_its_pilot_back(store: Store) -> None:
    id = add(store)
    take(store)
    store.pilot_work.leave(worker())
    info = store.pilots.info(id)
    assert (info.state, info.worker, info.deaths) == ("queued", None, 0)
    assert store.pilots.workers() == []


def test_only_one_worker_enters_where_it_wants_to_be_alone(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        entered = pool.map(
            lambda n: store.pilot_work.enter(worker(f"w{n}"), alone_here=True), range(4)
        )
    assert sum(entered) == 1
    assert store.pilot_work.enter(worker("far", host="elsewhere"), alone_here=True)


def test_prices_are_set_by_name_and_taken_away(store: Store) -> None:
    store.prices.set({"b": 2, "a": 0.5}, "ann")
    store.prices.set({"b": 3, "a": None}, "ben")
    assert [(one.name, one.amount, one.author) for one in store.prices.all()] == [("b", 3.0, "ben")]


def test_what_is_no_price_is_refused(store: Store) -> None:
    for wrong in ({"a": -1.0}, {"a": math.nan}, {"a": math.inf}, {"": 1.0}, {"x\x00": 1.0}):
        with pytest.raises(InputError):
            store.prices.set(wrong | {"good": 1.0}, "ann")
    assert store.prices.all() == ()
