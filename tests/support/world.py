"""People of every role, proposals in every state, and what is done with them."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import text

from advisor.domain.cases import Case, Dataset
from advisor.domain.comparison import Comparison, Verdict
from advisor.domain.comparison import VerdictOutcome as Found
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.lifecycle import MOVES, Action, ApprovalKind, Role, State
from advisor.domain.pilot_result import ArmRun, PilotResult, Usage
from advisor.domain.pilot_spec import ArmName, Spec, Task
from advisor.domain.pilot_state import Needs, Worker
from advisor.domain.review import Decision
from advisor.proposal import Draft
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.gate import GateAnswer, Use, gate
from advisor.review.decisions.review_case import read_case
from advisor.review.people.people import People
from advisor.rules import RuleBook, load
from advisor.store import Store
from advisor.store.database.audit_trail import Trail, TrailQuery
from advisor.store.database.sessions import Database, database_url
from advisor.store.pilots.pilot_statements import this_host
from advisor.store.review import decisions

_numbers = itertools.count()
Add = Callable[..., str]
REASON = "The labels are steady, the data is cleared, and a pilot costs one afternoon."
RISK = "Some letters may come out in the wrong tone until the prompt is mended again."
CONTROL = "A clerk reads every letter before it leaves, and counts the wrong ones daily."
FORM: Mapping[str, Any] = {
    "reach": "own team",
    "can_be_undone": True,
    "data_rights": "cleared",
    "base_licence": "allows",
    "base_model": "Small Model",
    "data_set": "mails v1",
    "affects_rights": "no",
    "purpose_changed": "no",
    "base_parameters": 0.1,
    "training_tokens": 1,
    "epochs": 3,
    "synthetic_share": 0,
}


def key() -> str:
    """A key that no other write has."""
    return f"key-{next(_numbers)}"


@dataclass
class World:
    """One database with people, and what they do."""

    store: Store
    admin: str
    url: str
    book: RuleBook = field(default_factory=load)
    who: dict[Role, str] = field(default_factory=dict)
    found: dict[State, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.service = ReviewService(self.store, self.book)
        self.people = People(self.store)
        self.who = {role: self.person(role) for role in Role if role is not Role.ADMINISTRATOR}
        self.who[Role.ADMINISTRATOR] = self.admin

    def person(self, *roles: Role) -> str:
        return self.people.add("Somebody", None, roles, self.admin, key()).id

    def draft(self, answers: Mapping[str, Any], form: Mapping[str, Any]) -> Draft:
        approval = self.book.approval
        assert approval
        texts = {
            name: f"What {name} asks for."
            for name, one in approval.fields.items()
            if one.type == "text" and one.needed_from
        }
        return Draft(
            title="Letters",
            description="It writes letters.",
            requested="fine_tuning",
            answers={"personal_data": False, "regulated": False, **answers},
            failures=[{"note": f"failure {n}"} for n in range(6)],
            review={**texts, **FORM, **form},
        )

    def proposal(
        self,
        advice: str = "fine_tuning",
        answers: Mapping[str, Any] = {},
        by: str | None = None,
        **form: Any,
    ) -> str:
        author = by or self.who[Role.OWNER]
        id = self.store.create(self.draft(answers, form), author, key()).id
        self.assess(id, advice)
        return id

    def assess(self, id: str, advice: str = "fine_tuning") -> None:
        version = self.store.get(id).version
        self.store.note_assessment(id, version, advice, 0.9, False, {})

    def edit(self, id: str, by: str | None = None, **form: Any) -> None:
        changes = {f"review.{name}": value for name, value in form.items()}
        self.store.edit(id, changes, by or self.who[Role.OWNER], key())
        self.assess(id)

    def checklist(self, tier: str, stage: str, **ticks: Any) -> dict[str, Any]:
        from advisor.rules.schema.approval import reaches

        approval = self.book.approval
        assert approval
        return {
            item.id: {"answer": "yes"}
            for item in approval.checklist
            if stage in item.stages and reaches(tier, item.needed_from)  # type: ignore[arg-type]
        } | ticks

    def request(self, id: str, action: Action, **more: Any) -> DecisionRequest:
        """Return a whole request about the version that is the latest now."""
        with self.store.database.read() as connection:
            case = read_case(connection, id, self.book)
        stage = "adoption" if case.where.state is State.EVALUATED else "pilot"
        given: dict[str, Any] = {"version": case.about.version, "content": case.about.content}
        if action in {Action.APPROVE_PILOT, Action.APPROVE, Action.OVERRIDE}:
            given["checklist"] = self.checklist(case.tier.id, stage)
        if action is Action.OVERRIDE:
            given["override"] = {"accepted_risk": RISK, "control": CONTROL}
            given["expires"] = (datetime.now(UTC) + timedelta(days=20)).date()
        if action is Action.RECORD_PILOT and case.state in {State.PILOT, State.EVALUATED}:
            given["pilot"] = self.pilot(id)
        given |= {"reason": REASON} | more
        return DecisionRequest(action=action, **given)

    def decide(
        self, id: str, action: Action, by: str | Role, once: str = "", **more: Any
    ) -> Decision:
        who = self.who[by] if isinstance(by, Role) else by
        return self.service.decide(id, self.request(id, action, **more), who, once or key())

    def pilot(
        self,
        id: str,
        outcome: Found = Found.CONFIRMED,
        arm: str = "fine_tuning",
        by: str | None = None,
        flops: float = 1.0,
    ) -> str:
        """Run a pilot to its end, as a worker does."""
        spec = Spec.model_validate({
            "title": "Mail", "proposal": id, "task": Task.CLASSIFICATION, "instruction": "Which?",
        })  # fmt: skip
        cases = tuple(Case(id=f"c{n}", input="in", expected="a") for n in range(2))
        frozen = Frozen(spec, Dataset(cases[:1], cases[1:], ()), (), ())
        by = by or self.who[Role.RUNNER]
        pilot = self.store.pilots.add(frozen, by, key(), Needs(1))
        worker = Worker(key(), this_host(), os.getpid(), "2 cores", False, 8)
        self.store.pilot_work.enter(worker)
        claim = self.store.pilot_work.take(worker)
        assert claim and claim.pilot == pilot
        run = ArmRun(arm=ArmName.FINE_TUNING, usage=Usage(training_flops=flops))
        self.store.pilot_work.keep_runs(claim, [run])
        self.store.pilot_work.finish(claim, "done", result_of(pilot, spec, run, outcome, arm))
        return pilot

    def at(self, state: State, **more: Any) -> str:
        """Return a new proposal that stands somewhere, reached by real moves."""
        id = self.proposal(**more)
        for action, by in _WAYS[state]:
            self.decide(id, action, by)
        if state is State.EXPIRED:
            self.end_lease(id)
        return id

    def standing(self, state: State) -> str:
        """Return a proposal that stands somewhere, for those who change nothing about it."""
        if state not in self.found:
            self.found[state] = self.at(state)
        return self.found[state]

    def end_lease(self, id: str) -> None:
        """Let the approval of a proposal be over."""
        self.sql("UPDATE lease SET expires_at = :at WHERE proposal_id = :id", id=id,
                 at=datetime.now(UTC) - timedelta(hours=1))  # fmt: skip

    def sql(self, statement: str, **values: Any) -> None:
        with self.store.database.write() as connection:
            connection.execute(text(statement), values)

    def state(self, id: str) -> State:
        with self.store.database.read() as connection:
            return read_case(connection, id, self.book).state

    def gate(self, id: str, kind: Any = "adoption", **more: Any) -> GateAnswer:
        return gate(self.store, id, Use(ApprovalKind(kind), **more), self.book)


def world_at(url: str) -> Iterator[World]:
    """People of every role on a database of their own."""
    opened = Store(Database(database_url(url)))
    root = People(opened).add("Root", None, [Role.ADMINISTRATOR], None, key()).id
    yield World(opened, root, url)
    opened.close()


def schema_in(postgres: Any) -> str:
    """Return the address of a new, empty schema."""
    name = f"review_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    return f"{postgres.get_uri()}&options=-csearch_path%3D{name}"


def result_of(pilot: str, spec: Spec, run: ArmRun, outcome: Found, arm: str) -> PilotResult:
    verdict = Verdict(
        outcome=outcome, because="It won.", next="Go on.", recommended=arm, named=True,
        primary=None, margin=0.1, best=None,
    )  # fmt: skip
    at = datetime.now(UTC)
    return PilotResult(
        pilot=pilot, hash="h" * 64, spec=spec, margin=0.1, started=at, finished=at,
        runs=(run,), comparison=Comparison(arms=(), comparisons=(), verdict=verdict),
    )  # fmt: skip


def rows(world: World, id: str) -> list[Any]:
    """What the trail says of a proposal, the oldest row first."""
    return [*reversed(Trail(world.store.database).newest(TrailQuery(proposal=id, limit=500)))]


def decided(world: World, id: str) -> list[Decision]:
    with world.store.database.read() as connection:
        return [*decisions.about(connection, id)]


def somebody(world: World, action: Action) -> str:
    """A person whose role and hands allow an action wherever the table has it."""
    move = next(move for move in MOVES if move.action is action)
    if action is Action.OVERRIDE or not move.roles:
        return world.who[Role.RISK]
    return world.who[next(role for role in Role if role in move.roles)]


def whole(world: World, id: str, action: Action) -> DecisionRequest:
    """A whole request; what makes an override possible is the reviewer's own no."""
    made = world.request(id, action)
    ticks = {name: tick.model_dump() for name, tick in made.checklist.items()}
    no = {"honestly_tried": {"answer": "no", "note": "Only one prompt."}}
    extra = no if action is Action.OVERRIDE else {}
    return DecisionRequest.model_validate(made.model_dump() | {"checklist": ticks | extra})


_SUBMITTED = ((Action.SUBMIT, Role.OWNER),)
_PILOT = (*_SUBMITTED, (Action.APPROVE_PILOT, Role.REVIEWER))
_EVALUATED = (*_PILOT, (Action.RECORD_PILOT, Role.RUNNER))
_APPROVED = (*_EVALUATED, (Action.APPROVE, Role.REVIEWER))
_WAYS: Mapping[State, tuple[tuple[Action, Role], ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: _SUBMITTED,
    State.CHANGES: (*_SUBMITTED, (Action.REQUEST_CHANGES, Role.REVIEWER)),
    State.PILOT: _PILOT,
    State.EVALUATED: _EVALUATED,
    State.APPROVED: _APPROVED,
    State.REFUSED: (*_SUBMITTED, (Action.REFUSE, Role.REVIEWER)),
    State.EXPIRED: _APPROVED,
    State.REVOKED: (*_APPROVED, (Action.REVOKE, Role.RISK)),
    State.WITHDRAWN: (*_SUBMITTED, (Action.WITHDRAW, Role.OWNER)),
}
