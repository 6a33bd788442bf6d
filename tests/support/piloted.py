"""A finished pilot with answers, comparisons, groups of cases and checks, handed in or not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from world import World, key

from advisor.domain.cases import Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.lifecycle import Role
from advisor.domain.pilot_result import ArmAnswer, ArmRun, Finding, PilotResult, Usage
from advisor.domain.pilot_spec import ArmName, Spec, Task
from advisor.domain.pilot_state import Needs, Worker
from advisor.pilot.comparing import compare
from advisor.pilot.comparing.statistics.score_table import ScoreTable
from advisor.store.pilots.pilot_statements import this_host

LABELS = ("refund", "delivery")
FINDINGS = (
    Finding(check="skills_kept", severity="warning", what="9 of 20 before, 4 after training."),
    Finding(check="safety_kept", severity="note", what="10 of 10 before, 10 after."),
    Finding(check="near", severity="note", what="No copies between training and test."),
)


def cases(side: str, many: int) -> tuple[Case, ...]:
    return tuple(
        Case(
            id=f"{side}{n}", input=f"Where is parcel {n}?", expected=LABELS[n % 2],
            slice="new customers" if n % 4 == 0 else "old customers",
        )
        for n in range(many)
    )  # fmt: skip


def run(arm: ArmName, test: Sequence[Case], right: int, flops: float = 0.0) -> ArmRun:
    """An arm that is right on the first cases, and says `other` on those behind."""
    answers = tuple(
        ArmAnswer(case=one.id, text=one.expected if n < right else "other", score=float(n < right))
        for n, one in enumerate(test)
    )
    return ArmRun(arm=arm, answers=answers, usage=Usage(training_flops=flops))


def piloted(
    world: World,
    id: str,
    plain: int = 8,
    tuned: int = 34,
    findings: Sequence[Finding] = FINDINGS,
    by: str | None = None,
) -> str:
    """Run a pilot of 40 cases to its end, as a worker does, and return its id."""
    spec = Spec.model_validate({
        "title": "Mail", "proposal": id, "task": Task.CLASSIFICATION, "instruction": "Which?",
        "recommended": "fine_tuning",
    })  # fmt: skip
    frozen = Frozen(spec, Dataset(cases("a", 8), cases("b", 40), ()), (), ())
    pilot = world.store.pilots.add(frozen, by or world.who[Role.RUNNER], key(), Needs(1))
    worker = Worker(key(), this_host(), os.getpid(), "2 cores", False, 8)
    world.store.pilot_work.enter(worker)
    claim = world.store.pilot_work.take(worker)
    assert claim and claim.pilot == pilot
    test = frozen.data.test
    runs = [run(ArmName.PROMPT, test, plain), run(ArmName.FINE_TUNING, test, tuned, 1e12)]
    world.store.pilot_work.keep_runs(claim, runs)
    world.store.pilot_work.finish(claim, "done", found(pilot, frozen, runs, findings))
    return pilot


def found(
    pilot: str, frozen: Frozen, runs: Sequence[ArmRun], findings: Sequence[Finding]
) -> PilotResult:
    test = frozen.data.test
    scores = np.array([[one.answers[n].score for one in runs] for n in range(len(test))], float)
    arms = tuple(str(one.arm) for one in runs)
    table = ScoreTable(tuple(one.id for one in test), None, arms, scores)
    slices: dict[str, dict[str, float]] = {}
    for name in sorted({str(one.slice) for one in test}):
        here = [n for n, one in enumerate(test) if one.slice == name]
        slices[name] = {arm: float(scores[here, place].mean()) for place, arm in enumerate(arms)}
    at = datetime.now(UTC)
    return PilotResult(
        pilot=pilot, hash=frozen.hash, spec=frozen.spec, margin=frozen.margin, started=at,
        finished=at, runs=tuple(runs), slices=slices, findings=tuple(findings),
        comparison=compare(table, margin=frozen.margin, recommended="fine_tuning"),
    )  # fmt: skip
