"""Whether an arm may stop early: the planned comparisons need no further case of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.pilot.comparing import InterimLook, ScoreTable, finished_arms, may_stop
from advisor.pilot.comparing.comparison_words import OUTCOME_WORDS
from advisor.pilot.running.compute.steps import PilotStep, in_random_order
from advisor.pilot.running.worker.run_sheet import RunSheet
from advisor.pilot.running.worker.stop_reasons import StopReason
from advisor.presentation.arm_titles import arm_words

if TYPE_CHECKING:
    from advisor.pilot.running.worker.pilot_session import PilotSession


EVERY = 20
"""Cases between two looks; looks stand at fixed numbers, so that a repetition stops the same."""


def early_stop_reason(session: PilotSession, step: PilotStep) -> StopReason | None:
    """Return why an arm may stop early; none if its other cases are needed."""
    recommended = session.frozen.spec.recommended
    if recommended is None or step.optional or step.share < 1:
        return None
    order = in_random_order(session.frozen.data.test, 0)
    scores = {answer.case: answer.score for answer in session.sheets[step.key].answers}
    reached = _first_missing(order, scores) // EVERY * EVERY
    if reached == session.looked.get(step.key, 0) or reached == len(order):
        return None
    session.looked[step.key] = reached
    table = _table(session.frozen, session.sheets.values(), order[:reached], step)
    planned = [(arm, str(recommended)) for arm in table.arms if arm != recommended]
    looks = may_stop(table, planned, session.frozen.margin)
    if step.arm not in finished_arms(looks):
        return None
    return StopReason("arm", _words(looks, step, reached, len(order)))


def _first_missing(order: Sequence[Case], scores: Mapping[str, float | None]) -> int:
    missing = (place for place, case in enumerate(order) if scores.get(case.id) is None)
    return next(missing, len(order))


def _table(
    frozen: Frozen, sheets: Iterable[RunSheet], seen: Sequence[Case], step: PilotStep
) -> ScoreTable:
    """Return the scores of all planned arms; of the running one only the cases that count."""
    cases = frozen.data.test
    columns = {}
    for sheet in sheets:
        if sheet.run.share == 1 and sheet.run.seed == step.seed:
            given = {answer.case: answer.score for answer in sheet.answers}
            wanted = {case.id for case in seen} if sheet.run.key == step.key else given.keys()
            columns[str(sheet.run.arm)] = [
                given.get(case.id) if case.id in wanted else None for case in cases
            ]
    return ScoreTable(
        cases=tuple(case.id for case in cases),
        arms=tuple(columns),
        scores=np.array(list(columns.values()), dtype=float).T,
        groups=groups_of(cases),
    )


def groups_of(cases: Sequence[Case]) -> tuple[str, ...] | None:
    """Return one group a case; none where no case has one."""
    if not any(case.group for case in cases):
        return None
    return tuple(case.group or f"case {case.id}" for case in cases)


def _words(looks: Sequence[InterimLook], step: PilotStep, n: int, total: int) -> str:
    found = [
        f"{arm_words(look.b)} against {arm_words(look.a)}: "
        + (
            OUTCOME_WORDS[look.settled]
            if look.settled
            else "more of these cases would not settle it"
        )
        for look in looks
        if step.arm in (look.a, look.b)
    ]
    return f"Stopped after {n} of {total} cases, as nothing more was to be learned. " + "; ".join(
        found
    )
