"""What a pilot found, in figures: made of its runs alone, the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, CurvePoint, Finding
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.checks import facts_seen
from advisor.pilot.comparing import Comparison, ScoreTable, Verdict, VerdictOutcome, compare
from advisor.pilot.comparing.statistics.curve import MeasuredPoint, project
from advisor.pilot.comparing.statistics.measuring import arm_scores as scores_of
from advisor.pilot.data.splitting import share_of
from advisor.pilot.metrics import score_table
from advisor.pilot.running.worker.early_stopping import groups_of
from advisor.presentation.arm_titles import arm_title
from advisor.presentation.wording import listing, percent

SEEN, UNSEEN = "seen facts", "unseen facts"


def usable(runs: Sequence[ArmRun]) -> tuple[ArmRun, ...]:
    """Return the runs that count: those that gave answers and did not fail."""
    return tuple(run for run in runs if run.answers and run.state != "failed")


def table_of(frozen: Frozen, columns: Mapping[str, Mapping[str, float]]) -> ScoreTable:
    """Return a table of scores; `columns` gives, per name, the score of each case."""
    cases = frozen.data.test
    scores = [[column.get(case.id) for case in cases] for column in columns.values()]
    return ScoreTable(
        cases=tuple(case.id for case in cases),
        arms=tuple(columns),
        scores=np.array(scores, dtype=float).reshape(len(columns), len(cases)).T,
        groups=groups_of(cases),
    )


def comparison_of(
    frozen: Frozen,
    runs: Sequence[ArmRun],
    findings: Sequence[Finding] = (),
    cancelled: bool = False,
) -> Comparison:
    """Compare the arms; what did not run as planned is said in the verdict.

    Args:
        frozen: the pilot.
        runs: what its arms did.
        findings: what checks found; one that blocks leaves no verdict.
        cancelled: whether a person ended it.

    Raises:
        InputError: no run counts.
    """
    table = table_of(frozen, score_table(usable(runs)))
    recommended = frozen.spec.recommended
    there = recommended in table.arms
    found = compare(
        table,
        margin=frozen.margin,
        recommended=str(recommended) if recommended and there else None,
    )
    verdict = found.verdict
    notes = (*verdict.notes, *_unplanned(runs))
    changed = verdict.model_copy(update={"notes": notes})
    if cancelled:
        changed = _open(changed, "The pilot was cancelled before its end.", "Start it again.")
    elif recommended and not there:
        why = _why(runs, recommended)
        because = f"{arm_title(recommended)}, the recommended arm, gave no answers. {why}"
        changed = _open(changed, because.strip(), "Mend that, then start it again.")
    elif blocking := [finding.what for finding in findings if finding.severity == "blocks"]:
        changed = _open(changed, " ".join(blocking), "Mend that, then start it again.")
    return found.model_copy(update={"verdict": changed})


def _open(verdict: Verdict, because: str, next_: str) -> Verdict:
    said = {"outcome": VerdictOutcome.INCONCLUSIVE, "because": because, "next": next_}
    return verdict.model_copy(update=said)


def _why(runs: Sequence[ArmRun], arm: ArmName) -> str:
    return next((run.why for run in runs if run.arm == arm and run.why), "")


def _unplanned(runs: Sequence[ArmRun]) -> Iterator[str]:
    """Yield one sentence for each arm that did not run to its end."""
    for run in runs:
        if run.state in {"stopped", "failed"} and run.share == 1:
            how = "failed" if run.state == "failed" else f"stopped after {len(run.answers)} cases"
            yield f"{arm_title(run.arm)} {how}: {run.why}"


def curve_of(frozen: Frozen, runs: Sequence[ArmRun]) -> tuple[tuple[CurvePoint, ...], str]:
    """Return the learning curve of fine-tuning with its projection, and what it means."""
    seed = frozen.spec.seeds[0]
    tried = {
        run.share: {answer.case: answer.score for answer in run.answers if answer.score is not None}
        for run in usable(runs)
        if run.arm is ArmName.FINE_TUNING and run.seed == seed
    }
    if len(tried) < 2:
        return (), ""
    table = table_of(frozen, {str(share): tried[share] for share in sorted(tried)})
    points = [
        MeasuredPoint(
            len(share_of(frozen.data.train, float(one.name), seed)), one.score, one.low, one.high
        )
        for one in scores_of(table)
        if one.score is not None and one.low is not None and one.high is not None
    ]
    curve = project(points, frozen.margin)
    known = [CurvePoint(**point._asdict()) for point in points]
    if curve is None:
        return tuple(known), ""
    further = [CurvePoint(**point._asdict(), projected=True) for point in curve.projected]
    return (*known, *further), curve.words


def fact_means(frozen: Frozen, runs: Sequence[ArmRun]) -> dict[str, dict[str, float]]:
    """Return the scores on cases whose facts stand on the training side, and on the others.

    Gains on seen facts alone mean that they were learned by heart. Empty where all cases are of
    one kind.
    """
    seen = facts_seen(frozen)
    kinds = {
        SEEN: {case for case, known in seen.items() if known},
        UNSEEN: {case for case, known in seen.items() if not known},
    }
    if not all(kinds.values()):
        return {}
    return {
        name: {
            arm: sum(found) / len(found)
            for arm, scores in score_table(runs).items()
            if (found := [scores[case] for case in sorted(cases) if case in scores])
        }
        for name, cases in kinds.items()
    }


def seeds_of(runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Yield how far the scores of several seeds lie apart, one finding an arm."""
    by_arm: dict[ArmName, list[float]] = {}
    for run in usable(runs):
        scores = [answer.score for answer in run.answers if answer.score is not None]
        if run.share == 1 and scores:
            by_arm.setdefault(run.arm, []).append(sum(scores) / len(scores))
    for arm, means in by_arm.items():
        if len(means) > 1:
            each = listing(percent(mean) for mean in means)
            what = f"{arm_title(arm)} was run with {len(means)} seeds and scored {each}."
            yield Finding(check="seeds", severity="note", what=what)
